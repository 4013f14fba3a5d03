// Package apk reads Android packages: what an app calls itself, what it needs of a phone, who signed it, and the uni-app
// resources it ships. It decides nothing.
//
//	Open          a file             -> Package: manifest, native libraries, plug-ins, embedded resources
//	Signing       the same file      -> who signed it, by which schemes; the digests of the contents are computed anew
//
// Sources: the Android Open Source Project's documents of the signature schemes v1 to v3 and its ResourceTypes.h for the
// compiled AndroidManifest.xml. Where uni-app keeps its resources is in the packages that its cloud builds.
package apk

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// MaxManifest is the size of the largest compiled AndroidManifest.xml that is read, in bytes.
const MaxManifest = 4 << 20

// maxEntries bounds the directory of a package; the largest apps have some 30,000 files.
const maxEntries = 200_000

// Why a file is not read as an installable package.
var (
	ErrNotAPK = errors.New("no AndroidManifest.xml: not an apk")
	ErrBundle = errors.New("an Android App Bundle (aab) is for Google Play: phones cannot install it")
	ErrSplit  = errors.New("a split of an app: it cannot be installed by itself")
)

// A Package is an installable apk.
type Package struct {
	Manifest
	ABIs    []string // of the native libraries, sorted; none: it runs everywhere
	Plugins []string // native uni-app plug-ins, sorted
	Apps    []App    // embedded uni-app resources, sorted by id

	r    io.ReaderAt
	size int64
	zip  *zip.Reader
}

// App is the resources of a uni-app app inside the package.
type App struct {
	ID    string
	Files fs.FS // what a wgt of it holds
}

// Open reads the directory and the manifest of a package. Nothing is unpacked to disk.
func Open(r io.ReaderAt, size int64) (*Package, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("open apk: %w", err)
	}
	if len(z.File) > maxEntries {
		return nil, fmt.Errorf("open apk: %d entries", len(z.File))
	}
	p := &Package{r: r, size: size, zip: z}
	manifest, err := p.only("AndroidManifest.xml")
	switch {
	case err != nil:
		return nil, err
	case manifest == nil && p.has("base/manifest/AndroidManifest.xml"):
		return nil, ErrBundle
	case manifest == nil:
		return nil, ErrNotAPK
	}
	text, err := contents(manifest, MaxManifest)
	if err != nil {
		return nil, err
	}
	if p.Manifest, err = ParseManifest(text); err != nil {
		return nil, fmt.Errorf("read AndroidManifest.xml: %w", err)
	}
	if p.Split != "" {
		return nil, ErrSplit
	}
	p.list()
	p.Plugins, err = p.plugins()
	return p, err
}

// only finds an entry. Of two with one name readers take different ones, so there must not be two.
func (p *Package) only(name string) (found *zip.File, err error) {
	for _, f := range p.zip.File {
		if f.Name == name && found != nil {
			return nil, fmt.Errorf("open apk: two entries %s", name)
		}
		if f.Name == name {
			found = f
		}
	}
	return found, nil
}

func (p *Package) has(name string) bool {
	return slices.ContainsFunc(p.zip.File, func(f *zip.File) bool { return f.Name == name })
}

// resources is where the runtime looks for the app it starts.
const resources = "assets/apps/"

// list finds the native libraries and the embedded apps by the names of the entries.
func (p *Package) list() {
	abis, apps := map[string]bool{}, map[string]bool{}
	for _, f := range p.zip.File {
		if rest, ok := strings.CutPrefix(f.Name, "lib/"); ok && strings.HasSuffix(rest, ".so") {
			abi, _, _ := strings.Cut(rest, "/")
			abis[abi] = true
		}
		if rest, ok := strings.CutPrefix(f.Name, resources); ok {
			if id, inside, _ := strings.Cut(rest, "/"); strings.HasPrefix(inside, "www/") && fs.ValidPath(id) {
				apps[id] = true
			}
		}
	}
	p.ABIs = sorted(abis)
	for _, id := range sorted(apps) {
		if files, err := fs.Sub(p.zip, resources+id+"/www"); err == nil {
			p.Apps = append(p.Apps, App{id, files})
		}
	}
}

// pluginsName is where the runtime finds the native plug-ins it registers.
const pluginsName = "assets/dcloud_uniplugins.json"

func (p *Package) plugins() ([]string, error) {
	f, err := p.only(pluginsName)
	if f == nil {
		return nil, err
	}
	text, err := contents(f, MaxManifest)
	if err != nil {
		return nil, err
	}
	var list struct {
		NativePlugins []struct {
			Plugins []struct {
				Name string `json:"name"`
			} `json:"plugins"`
		} `json:"nativePlugins"`
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("read %s: %w", pluginsName, err)
	}
	names := map[string]bool{}
	for _, module := range list.NativePlugins {
		for _, plugin := range module.Plugins {
			names[plugin.Name] = true
		}
	}
	return sorted(names), nil
}

// contents reads an entry of at most so many bytes.
func contents(f *zip.File, most int64) ([]byte, error) {
	if f.UncompressedSize64 > uint64(most) {
		return nil, fmt.Errorf("read %s: larger than %d bytes", f.Name, most)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.Name, err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil || int64(len(data)) > most {
		return nil, fmt.Errorf("read %s: %w", f.Name, grown(err))
	}
	return data, nil
}

// grown: an entry that goes on after its size ends in no error of the zip.
func grown(err error) error {
	if err == nil {
		return errors.New("longer than its header says")
	}
	return err
}

func sorted(set map[string]bool) []string {
	var all []string
	for s := range set {
		all = append(all, s)
	}
	slices.Sort(all)
	return all
}
