package ipa

import (
	"fmt"
	"strings"
	"time"

	"github.com/smallstep/pkcs7"
)

const profileName = "embedded.mobileprovision"

// A Profile says on which devices a package can be installed, and how long it starts there.
type Profile struct {
	Kind    Kind
	Name    string
	Team    string
	Expires time.Time
	Devices int    // registered ones, for development and ad hoc
	App     string // application identifier without the team's prefix; "*" at the end stands for any
}

// Kind is how a package is distributed.
type Kind string

const (
	Enterprise  Kind = "enterprise"  // any device, by itms-services
	AdHoc       Kind = "ad-hoc"      // registered devices, by itms-services
	Development Kind = "development" // registered devices; for debugging
	Store       Kind = "app-store"   // TestFlight and the App Store only
)

// ParseProfile reads an embedded.mobileprovision: a property list in a CMS message. Apple's signature is checked by
// devices, not here.
func ParseProfile(text []byte) (*Profile, error) {
	message, err := pkcs7.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("not a signed message: %w", err)
	}
	var list struct {
		Name         string    `plist:"Name"`
		Team         string    `plist:"TeamName"`
		Expires      time.Time `plist:"ExpirationDate"`
		AllDevices   bool      `plist:"ProvisionsAllDevices"`
		Devices      []string  `plist:"ProvisionedDevices"`
		Entitlements struct {
			App   string `plist:"application-identifier"`
			Debug bool   `plist:"get-task-allow"`
		} `plist:"Entitlements"`
	}
	if err := decode(message.Content, &list); err != nil {
		return nil, err
	}
	p := &Profile{Kind: Store, Name: list.Name, Team: list.Team, Expires: list.Expires.UTC(), Devices: len(list.Devices)}
	switch {
	case list.AllDevices:
		p.Kind = Enterprise
	case list.Entitlements.Debug:
		p.Kind = Development
	case len(list.Devices) > 0:
		p.Kind = AdHoc
	}
	_, p.App, _ = strings.Cut(list.Entitlements.App, ".")
	return p, nil
}

// Fits reports whether the profile is for an app.
func (p *Profile) Fits(bundle string) bool {
	if prefix, any := strings.CutSuffix(p.App, "*"); any {
		return strings.HasPrefix(bundle, prefix)
	}
	return p.App == bundle
}
