// Package config reads wgtup.yaml and the environment into one typed value.
// A flag wins over an environment variable, which wins over the file.
//
//	app: __UNI__A1B2C3D                  # appid of manifest.json
//	store: oss://bucket/my-app?region=…  # where releases go
//	public-url: https://cdn.example.com/my-app   # how phones reach it; one or a list
//	channel: production                  # default channel
//	signing-key: .wgtup/signing.key      # never in git; in CI use WGTUP_SIGNING_KEY
//	keys:                                # public: what the app pins
//	  - signing:0:…
//	  - recovery:0:…
//
// Credentials of the store never stand here: they come from the vendor's usual
// environment variables and profiles.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"wgtup/release"
	"wgtup/sign"
)

// File is the name looked for in the working directory and above it.
const File = "wgtup.yaml"

// Config is what the commands work with.
type Config struct {
	App        string   `yaml:"app"`
	Store      string   `yaml:"store"`
	PublicURL  URLs     `yaml:"public-url"`
	Channel    string   `yaml:"channel"`
	SigningKey string   `yaml:"signing-key"` // path of the key file
	Keys       []string `yaml:"keys"`

	Path string `yaml:"-"` // of the file that was read; "" without one
}

// URLs is one URL or a list of them.
type URLs []string

// UnmarshalYAML reads a string or a list of strings.
func (u *URLs) UnmarshalYAML(text []byte) error {
	var one string
	if yaml.Unmarshal(text, &one) == nil && one != "" {
		*u = URLs{one}
		return nil
	}
	return yaml.Unmarshal(text, (*[]string)(u))
}

// Error is a mistake in the file, or in a variable (Line 0).
type Error struct {
	Where  string // file, or name of the variable or flag
	Line   int
	Key    string
	Reason string
}

func (e *Error) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s:%d: %s", e.Where, e.Line, e.Reason)
	}
	return fmt.Sprintf("%s: %s", e.Where, e.Reason)
}

// Load reads path, or the nearest wgtup.yaml at or above dir when path is "",
// and then the environment. No file at all is no error.
func Load(path, dir string, env func(string) string) (*Config, error) {
	c := &Config{}
	if path == "" {
		path = find(dir)
	}
	if path != "" {
		if err := c.read(path); err != nil {
			return nil, err
		}
	}
	for name, into := range map[string]*string{
		"WGTUP_APP": &c.App, "WGTUP_STORE": &c.Store, "WGTUP_CHANNEL": &c.Channel, "WGTUP_SIGNING_KEY_FILE": &c.SigningKey,
	} {
		if v := env(name); v != "" {
			*into = v
		}
	}
	if v := env("WGTUP_PUBLIC_URL"); v != "" {
		c.PublicURL = strings.Fields(strings.ReplaceAll(v, ",", " "))
	}
	if v := env("WGTUP_PUBLIC_KEYS"); v != "" {
		c.Keys = strings.Fields(v)
	}
	if c.Channel == "" {
		c.Channel = "production"
	}
	return c, nil
}

func find(dir string) string {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return ""
	}
	for {
		path := filepath.Join(dir, File)
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return path
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

func (c *Config) read(path string) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &Error{Where: path, Reason: "no such file"}
	}
	if err != nil {
		return fmt.Errorf("read config: %w", err)
	}
	c.Path = path
	tree, err := parser.ParseBytes(text, 0)
	if err != nil {
		return syntaxError(path, err)
	}
	if err := yaml.UnmarshalWithOptions(text, c, yaml.DisallowUnknownField()); err != nil {
		return syntaxError(path, err)
	}
	return c.check(path, func(key string) int { return lineOf(tree, key) })
}

func (c *Config) check(path string, line func(string) int) error {
	bad := func(key, reason string) error { return &Error{path, line(key), key, reason} }
	if c.App != "" && !release.ValidApp(c.App) {
		return bad("app", fmt.Sprintf("%q is no appid", c.App))
	}
	if c.Channel != "" && !release.ValidChannel(c.Channel) {
		return bad("channel", fmt.Sprintf("%q is no channel name: lower-case letters, digits and -", c.Channel))
	}
	for _, k := range c.Keys {
		if strings.HasPrefix(k, "wgtup-secret") {
			return bad("keys", "a secret key stands in this file; make new keys, this one is no longer secret")
		}
		if _, err := sign.ParsePin(k); err != nil {
			return bad("keys", err.Error())
		}
	}
	return nil
}

// syntaxError takes line and reason out of a parser's error.
func syntaxError(path string, err error) error {
	var e yaml.Error
	if errors.As(err, &e) {
		line := 0
		if t := e.GetToken(); t != nil && t.Position != nil {
			line = t.Position.Line
		}
		return &Error{Where: path, Line: line, Reason: e.GetMessage()}
	}
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	return &Error{Where: path, Reason: err.Error()}
}

func lineOf(tree *ast.File, key string) int {
	path, err := yaml.PathString("$." + key)
	if err != nil {
		return 0
	}
	node, err := path.FilterFile(tree)
	if err != nil || node == nil {
		return 0
	}
	return node.GetToken().Position.Line
}

// Pins is the key set that the file names.
func (c *Config) Pins() (sign.Set, error) {
	var pins []sign.Pin
	for _, k := range c.Keys {
		p, err := sign.ParsePin(k)
		if err != nil {
			return sign.Set{}, &Error{Where: c.where(), Key: "keys", Reason: err.Error()}
		}
		pins = append(pins, p)
	}
	set, err := sign.NewSet(pins)
	if err != nil {
		return sign.Set{}, &Error{Where: c.where(), Key: "keys", Reason: err.Error()}
	}
	return set, nil
}

func (c *Config) where() string {
	if c.Path != "" {
		return c.Path
	}
	return "WGTUP_PUBLIC_KEYS"
}

// Resolve makes a path of the file relative to where the file lies.
func (c *Config) Resolve(path string) string {
	if path == "" || filepath.IsAbs(path) || c.Path == "" {
		return path
	}
	return filepath.Join(filepath.Dir(c.Path), path)
}

// StoreURL is the store with a dir: path relative to where the file lies.
func (c *Config) StoreURL() string {
	if path, isDir := strings.CutPrefix(c.Store, "dir:"); isDir && c.Path != "" && !filepath.IsAbs(path) {
		return "dir:" + c.Resolve(path)
	}
	return c.Store
}
