package apk

import (
	"errors"
	"slices"
)

// A Manifest is what the compiled AndroidManifest.xml says. Values that point into the resource table (@string/…) are
// empty: compilers write version and package as they are.
type Manifest struct {
	ID          string // package name, for the system the identity of the app
	VersionName string
	VersionCode int64
	MinSDK      int64 // 1 when nothing is said, as the system reads it
	TargetSDK   int64 // MinSDK when nothing is said
	Permissions []string
	Debuggable  bool
	Split       string // of which feature or configuration; "" for a whole app
}

// Resource ids of the attributes, from android.R.attr: names in the file may be anything.
const (
	attrName             = 0x01010003
	attrDebuggable       = 0x0101000f
	attrMinSDK           = 0x0101020c
	attrVersionCode      = 0x0101021b
	attrVersionName      = 0x0101021c
	attrTargetSDK        = 0x01010270
	attrVersionCodeMajor = 0x01010576
)

// ParseManifest reads a compiled AndroidManifest.xml.
func ParseManifest(text []byte) (Manifest, error) {
	m := Manifest{}
	depth, root := 0, false
	err := parseXML(text, func(e *element) error {
		if e == nil {
			depth--
			return nil
		}
		depth++
		switch {
		case depth == 1 && (root || e.name != "manifest"):
			return errors.New("the root is not manifest")
		case depth == 1:
			root = true
			m.root(e)
		case depth == 2 && e.name == "uses-sdk":
			m.MinSDK, m.TargetSDK = e.number(attrMinSDK), e.number(attrTargetSDK)
		case depth == 2 && (e.name == "uses-permission" || e.name == "uses-permission-sdk-23"):
			if name := e.text(attrName); name != "" && !slices.Contains(m.Permissions, name) {
				m.Permissions = append(m.Permissions, name)
			}
		case depth == 2 && e.name == "application":
			m.Debuggable = e.number(attrDebuggable) != 0
		}
		return nil
	})
	switch {
	case err != nil:
		return Manifest{}, err
	case !root || depth != 0:
		return Manifest{}, errors.New("it ends within an element")
	case m.ID == "":
		return Manifest{}, errors.New("no package name")
	}
	m.MinSDK = max(m.MinSDK, 1)
	m.TargetSDK = max(m.TargetSDK, m.MinSDK)
	slices.Sort(m.Permissions)
	return m, nil
}

func (m *Manifest) root(e *element) {
	m.VersionName = e.text(attrVersionName)
	m.VersionCode = e.number(attrVersionCodeMajor)<<32 | e.number(attrVersionCode)
	for _, a := range e.attributes {
		switch {
		case a.id == 0 && a.name == "package":
			m.ID = a.text
		case a.id == 0 && a.name == "split":
			m.Split = a.text
		}
	}
}
