// Package ipa reads iOS packages: what an app calls itself, for whom it may be installed, and the uni-app resources it
// ships. It decides nothing, and does not check Apple's signature of the code, which only a device can.
//
// Sources: Apple's Information Property List keys and the members of provisioning profiles as Xcode writes them; Mach-O
// headers as in <mach-o/fat.h> and <mach-o/loader.h>. Where uni-app keeps its resources is in the packages that its cloud
// builds.
package ipa

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"howett.net/plist"
)

// MaxPlist is the size of the largest property list that is read, in bytes.
const MaxPlist = 4 << 20

const maxEntries = 200_000

// ErrNotIPA: a zip without an app.
var ErrNotIPA = errors.New("no Payload/….app/Info.plist: not an ipa")

// A Package is an ipa.
type Package struct {
	ID            string // bundle identifier
	Name          string // below the icon
	VersionName   string // CFBundleShortVersionString: plus.runtime.version
	VersionCode   string // CFBundleVersion, which need be no number
	MinimumOS     string
	Permissions   []string // the usage descriptions it has
	Architectures []string // of the executable, sorted
	Plugins       []string // native uni-app plug-ins, sorted
	Profile       *Profile // nil in a package from the App Store
	Apps          []App    // embedded uni-app resources, sorted by id
}

// App is the resources of a uni-app app inside the package.
type App struct {
	ID    string
	Files fs.FS // what a wgt of it holds
}

// Code is the build number as Decide compares it: 0 when it is no decimal integer.
func (p *Package) Code() int64 {
	n, err := strconv.ParseInt(p.VersionCode, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// info is what is read of Info.plist.
type info struct {
	ID         string `plist:"CFBundleIdentifier"`
	Name       string `plist:"CFBundleName"`
	Display    string `plist:"CFBundleDisplayName"`
	Version    string `plist:"CFBundleShortVersionString"`
	Build      string `plist:"CFBundleVersion"`
	MinimumOS  string `plist:"MinimumOSVersion"`
	Executable string `plist:"CFBundleExecutable"`
	Plugins    []struct {
		Plugins []struct {
			Name string `plist:"name"`
		} `plist:"plugins"`
	} `plist:"dcloud_uniplugins"`
}

// Open reads a package. Nothing is unpacked to disk.
func Open(r io.ReaderAt, size int64) (*Package, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("open ipa: %w", err)
	}
	if len(z.File) > maxEntries {
		return nil, fmt.Errorf("open ipa: %d entries", len(z.File))
	}
	b := bundle{files: map[string]*zip.File{}, zip: z}
	for _, f := range z.File {
		if b.files[f.Name] != nil {
			return nil, fmt.Errorf("open ipa: two entries %s", f.Name)
		}
		b.files[f.Name] = f
		parts := strings.SplitN(f.Name, "/", 4)
		if len(parts) == 3 && parts[0] == "Payload" && strings.HasSuffix(parts[1], ".app") && parts[2] == "Info.plist" {
			if b.dir != "" {
				return nil, errors.New("open ipa: more than one app")
			}
			b.dir = parts[0] + "/" + parts[1] + "/"
		}
	}
	if b.dir == "" {
		return nil, ErrNotIPA
	}
	return b.read()
}

// bundle is the folder of the app in the zip.
type bundle struct {
	zip   *zip.Reader
	files map[string]*zip.File
	dir   string
}

func (b *bundle) read() (*Package, error) {
	text, err := b.contents("Info.plist", MaxPlist)
	if err != nil {
		return nil, err
	}
	var i info
	if err := decode(text, &i); err != nil {
		return nil, fmt.Errorf("read Info.plist: %w", err)
	}
	var all map[string]any
	if err := decode(text, &all); err != nil {
		return nil, fmt.Errorf("read Info.plist: %w", err)
	}
	p := &Package{ID: i.ID, Name: i.Display, VersionName: i.Version, VersionCode: i.Build, MinimumOS: i.MinimumOS}
	if p.Name == "" {
		p.Name = i.Name
	}
	if p.ID == "" || p.VersionName == "" {
		return nil, errors.New("read Info.plist: no bundle identifier or version")
	}
	for key := range all {
		if strings.HasSuffix(key, "UsageDescription") {
			p.Permissions = append(p.Permissions, key)
		}
	}
	slices.Sort(p.Permissions)
	for _, module := range i.Plugins {
		for _, plugin := range module.Plugins {
			p.Plugins = append(p.Plugins, plugin.Name)
		}
	}
	slices.Sort(p.Plugins)
	p.Plugins = slices.Compact(p.Plugins)
	if i.Executable != "" {
		if p.Architectures, err = b.architectures(i.Executable); err != nil {
			return nil, err
		}
	}
	if b.files[b.dir+profileName] != nil {
		text, err := b.contents(profileName, MaxPlist)
		if err != nil {
			return nil, err
		}
		if p.Profile, err = ParseProfile(text); err != nil {
			return nil, fmt.Errorf("read %s: %w", profileName, err)
		}
	}
	p.Apps = b.apps()
	return p, nil
}

// resources is where the runtime looks for the app it starts.
const resources = "Pandora/apps/"

func (b *bundle) apps() []App {
	var all []App
	for name := range b.files {
		id, inside, _ := strings.Cut(strings.TrimPrefix(name, b.dir+resources), "/")
		if !strings.HasPrefix(name, b.dir+resources) || !strings.HasPrefix(inside, "www/") || !fs.ValidPath(id) ||
			slices.ContainsFunc(all, func(a App) bool { return a.ID == id }) {
			continue
		}
		if files, err := fs.Sub(b.zip, b.dir+resources+id+"/www"); err == nil {
			all = append(all, App{id, files})
		}
	}
	slices.SortFunc(all, func(a, b App) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// contents reads a file of the app of at most so many bytes.
func (b *bundle) contents(name string, most int64) ([]byte, error) {
	r, err := b.open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", name, err)
	case int64(len(data)) > most:
		return nil, fmt.Errorf("read %s: larger than %d bytes", name, most)
	}
	return data, nil
}

func (b *bundle) open(name string) (io.ReadCloser, error) {
	f := b.files[b.dir+name]
	if f == nil {
		return nil, fmt.Errorf("read %s: it is not there", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return r, nil
}

var cpus = map[uint32]string{7: "i386", 0x01000007: "x86_64", 12: "armv7", 0x0100000c: "arm64"}

// architectures reads the head of a Mach-O file, thin or fat.
func (b *bundle) architectures(name string) ([]string, error) {
	r, err := b.open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	head := make([]byte, 8+20*16)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.ErrUnexpectedEOF || n < 8 {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	head = head[:n]
	var types []uint32
	switch {
	case binary.BigEndian.Uint32(head) == 0xcafebabe: // a list of them
		count := int(binary.BigEndian.Uint32(head[4:]))
		for i := 0; i < count && 8+20*(i+1) <= n; i++ {
			types = append(types, binary.BigEndian.Uint32(head[8+20*i:]))
		}
	case binary.LittleEndian.Uint32(head)&^1 == 0xfeedface:
		types = append(types, binary.LittleEndian.Uint32(head[4:]))
	default:
		return nil, fmt.Errorf("read %s: not an executable", name)
	}
	var all []string
	for _, t := range types {
		cpu, known := cpus[t]
		if !known {
			cpu = fmt.Sprintf("cpu %#x", t)
		}
		all = append(all, cpu)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// decode reads a property list. The library panics on some damaged ones.
func decode(text []byte, into any) (err error) {
	defer func() {
		if what := recover(); what != nil {
			err = fmt.Errorf("not a property list: %v", what)
		}
	}()
	_, err = plist.Unmarshal(text, into)
	return err
}
