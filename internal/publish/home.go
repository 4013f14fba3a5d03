package publish

import (
	"crypto/sha256"
	"encoding/hex"

	"wgtup/release"
)

// home is the public id of the store: its identity, hashed, since an endpoint is
// nobody's business. A folder may be moved, copied and mounted under any path, so
// all folders are one home.
func (p *Publisher) home() string {
	properties := p.Store.Properties()
	if properties.Movable {
		properties.ID = properties.Scheme
	}
	sum := sha256.Sum256([]byte(properties.ID))
	return hex.EncodeToString(sum[:8])
}

// checkHome refuses to add an entry in a store that only receives: two stores
// that both go on from entry 42 would make two different entries 43.
func (p *Publisher) checkHome(d *release.Document) error {
	if d.Home == "" || d.Home == p.home() || p.TakeHome {
		return nil
	}
	return refuse(OtherHome, "home", d.Home, "store", p.home())
}
