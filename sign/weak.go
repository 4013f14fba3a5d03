package sign

import (
	"crypto/ed25519"
	"encoding/hex"
	"slices"
)

// weakKeys are the encodings of the points of small order, without the sign
// bit: signatures that verify by them can be made without a private key.
var weakKeys = []string{
	"0000000000000000000000000000000000000000000000000000000000000000", // order 4: what an unset key looks like
	"0100000000000000000000000000000000000000000000000000000000000000", // order 1
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", // order 8
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", // order 8
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // order 2
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // 0 again, as p
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // 1 again, as p + 1
}

func weak(key ed25519.PublicKey) bool {
	k := slices.Clone(key)
	k[len(k)-1] &= 0x7f
	return slices.Contains(weakKeys, hex.EncodeToString(k))
}
