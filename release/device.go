package release

import "time"

// Device is what Decide needs to know of one installed app. Its JSON is what
// `wgtup explain` reads, what the client's state() exports and what the vectors
// hold.
type Device struct {
	App      string   `json:"app"`
	Channel  string   `json:"channel"` // the channel it asks now
	Platform string   `json:"platform"`
	Native   Version  `json:"native"` // plus.runtime.version and versionCode
	Running  Running  `json:"running"`
	Held     []string `json:"held,omitempty"`    // content ids of packages it keeps, what runs included
	Install  string   `json:"install,omitempty"` // install id; "" when it has none
	Bad      []Bad    `json:"bad,omitempty"`
}

// Running is the active resources. Release and Channel are what was confirmed;
// the caller leaves them out when name or code no longer match what runs (a
// cover install), or when the state was lost.
type Running struct {
	Name    string   `json:"name"`
	Code    int64    `json:"code"`
	Channel string   `json:"channel,omitempty"`
	Release *Release `json:"release,omitempty"`
}

// Bad marks a content (or a release without content) that did not start on a
// native build.
type Bad struct {
	Content string  `json:"content,omitempty"`
	Release string  `json:"release,omitempty"`
	Native  Version `json:"native"`
}

// Clock is the time of a decision. Network says that it comes from the Date and
// Age of an answer of this check; else it is the phone's clock, not below the
// highest issue time seen.
type Clock struct {
	Now     time.Time
	Network bool
}

func (d *Device) native() Native { return Native{d.Platform, d.Native.Name, d.Native.Code} }

// content is the content id of what runs, when it is known.
func (d *Device) content() string {
	if r := d.Running.Release; r != nil && r.Package != nil {
		return r.Package.Content
	}
	return ""
}

func (d *Device) marked(r *Release) bool {
	for _, b := range d.Bad {
		if b.Native != d.Native {
			continue
		}
		if b.Content != "" && r.Package != nil && b.Content == r.Package.Content || b.Content == "" && b.Release == r.ID {
			return true
		}
	}
	return false
}
