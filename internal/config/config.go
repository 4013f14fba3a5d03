// Package config reads wgtup.yaml and the environment into one typed value.
// A flag wins over an environment variable, which wins over the file.
//
//	app: __UNI__A1B2C3D                  # appid of manifest.json
//	store: oss://bucket/my-app?region=…  # where releases go
//	public-url: https://cdn.example.com/my-app   # how phones reach it; one or a list
//	mirrors:                             # further stores that get the same bytes
//	  - store: cos://bucket-125/my-app?region=…
//	    public-url: https://cdn2.example.com/my-app
//	channel: production                  # default channel
//	signing-key: .wgtup/signing.key      # never in git; in CI use WGTUP_SIGNING_KEY
//	sign-cmd: kms-sign my-key            # instead: a program that signs
//	keys:                                # public: what the app pins
//	  - signing:0:…
//	  - recovery:0:…
//
// Credentials of the store never stand here: they come from the vendor's usual
// environment variables and profiles.
package config

import (
	"bytes"
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
	Mirrors    []Mirror `yaml:"mirrors"` // of Store as the file has it: another one has none
	Channel    string   `yaml:"channel"`
	SigningKey string   `yaml:"signing-key"` // path of the key file
	SignCmd    string   `yaml:"sign-cmd"`    // shell command that signs instead
	Keys       []string `yaml:"keys"`

	Path string `yaml:"-"` // of the file that was read; "" without one
}

// Mirror is a further store that receives what Store says.
type Mirror struct {
	Store     string `yaml:"store"`
	PublicURL URLs   `yaml:"public-url"`
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

// Code says what is wrong with a file or variable; the commands have a sentence
// for each.
type Code string

const (
	NoFile     Code = "no-file"
	Syntax     Code = "syntax"  // Detail is the parser's reason
	Tab        Code = "tab"     // YAML is indented by spaces
	Unknown    Code = "unknown" // Detail is the name
	Twice      Code = "twice"   // a name is there more than once
	Kind       Code = "kind"    // a list where a string must be, and the like
	BadApp     Code = "app"     // Detail is the value, as in the following ones
	BadChannel Code = "channel"
	BadURL     Code = "public-url"
	BadKey     Code = "key"    // Detail says why
	NoMirror   Code = "mirror" // a mirror without a store
	SecretHere Code = "secret"
	BadChain   Code = "key-chain" // Detail says why; of wgtup.keys
)

// Codes lists every code.
var Codes = []Code{NoFile, Syntax, Tab, Unknown, Twice, Kind, BadApp, BadChannel, BadURL, BadKey, NoMirror, SecretHere, BadChain}

// Names lists what may stand in the file.
var Names = []string{"app", "store", "public-url", "mirrors", "channel", "signing-key", "sign-cmd", "keys"}

// Error is a mistake in the file, or in a variable (Line 0).
type Error struct {
	Where  string // file, or name of the variable
	Line   int
	Code   Code
	Detail string
}

// Place is file:line, as editors and terminals read it.
func (e *Error) Place() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s:%d", e.Where, e.Line)
	}
	return e.Where
}

func (e *Error) Error() string {
	if e.Detail == "" {
		return fmt.Sprintf("%s: %s", e.Place(), e.Code)
	}
	return fmt.Sprintf("%s: %s: %s", e.Place(), e.Code, e.Detail)
}

// Load reads path, or the nearest wgtup.yaml at or above dir when path is "",
// and then the environment. No file at all is no error. Paths in the file are
// relative to where it lies, those in variables to the working directory.
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
		"WGTUP_APP": &c.App, "WGTUP_STORE": &c.Store, "WGTUP_CHANNEL": &c.Channel, "WGTUP_SIGNING_KEY_FILE": &c.SigningKey, "WGTUP_SIGN_CMD": &c.SignCmd,
	} {
		if v := env(name); v != "" {
			if into == &c.Store {
				c.UseStore(v)
			}
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

// UseStore takes another store than the file's. The mirrors are of that one, and
// stay behind.
func (c *Config) UseStore(url string) {
	if url != c.Store {
		c.Store, c.Mirrors = url, nil
	}
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
		return &Error{Where: path, Code: NoFile}
	}
	if err != nil {
		return fmt.Errorf("read config: %w", err)
	}
	c.Path = path
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // as editors on Windows write it
	if line := secretLine(text); line > 0 {
		return &Error{path, line, SecretHere, ""}
	}
	tree, err := c.decode(path, text)
	if err != nil {
		return err
	}
	if err := c.check(path, func(key string) int { return lineOf(tree, key) }); err != nil {
		return err
	}
	c.SigningKey = c.resolve(c.SigningKey)
	c.Store = c.resolveStore(c.Store)
	for i := range c.Mirrors {
		c.Mirrors[i].Store = c.resolveStore(c.Mirrors[i].Store)
	}
	return nil
}

func (c *Config) resolveStore(url string) string {
	if dir, ok := strings.CutPrefix(url, "dir:"); ok {
		return "dir:" + c.resolve(dir)
	}
	return url
}

// decode fills in c. Tags, anchors and aliases have no use here; refusing them
// keeps surprises out, and a parser that gives up is a syntax error too.
func (c *Config) decode(path string, text []byte) (tree *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &Error{Where: path, Code: Syntax, Detail: "cannot be parsed"}
		}
	}()
	if tree, err = parser.ParseBytes(text, 0); err != nil {
		return nil, syntaxError(path, err)
	}
	for _, d := range tree.Docs {
		if v := (&fancy{}); d.Body != nil {
			if ast.Walk(v, d.Body); v.line > 0 {
				return nil, &Error{Where: path, Line: v.line, Code: Kind}
			}
		}
	}
	if err := yaml.UnmarshalWithOptions(text, c, yaml.DisallowUnknownField()); err != nil {
		return nil, syntaxError(path, err)
	}
	return tree, nil
}

// fancy finds the line of what a plain file does not have.
type fancy struct{ line int }

func (f *fancy) Visit(n ast.Node) ast.Visitor {
	switch n.(type) {
	case *ast.TagNode, *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		if f.line == 0 {
			f.line = n.GetToken().Position.Line
		}
	}
	return f
}

// resolve makes a path of the file relative to where the file lies.
func (c *Config) resolve(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(c.Path), path)
}

// secretLine is the line of a secret key that somebody put into the file, 0
// without one.
func secretLine(text []byte) int {
	before, _, found := bytes.Cut(text, []byte("wgtup-secret:"))
	if !found {
		return 0
	}
	return bytes.Count(before, []byte("\n")) + 1
}

func (c *Config) check(path string, line func(string) int) error {
	bad := func(key string, code Code, detail string) error { return &Error{path, line(key), code, detail} }
	if c.App != "" && !release.ValidApp(c.App) {
		return bad("app", BadApp, c.App)
	}
	if c.Channel != "" && !release.ValidChannel(c.Channel) {
		return bad("channel", BadChannel, c.Channel)
	}
	if err := c.PublicURL.check(func(i int, u string) error { return bad(fmt.Sprintf("public-url[%d]", i), BadURL, u) }); err != nil {
		return err
	}
	for n, m := range c.Mirrors {
		at := fmt.Sprintf("mirrors[%d]", n)
		if m.Store == "" {
			return bad(at, NoMirror, "")
		}
		if err := m.PublicURL.check(func(i int, u string) error { return bad(at+fmt.Sprintf(".public-url[%d]", i), BadURL, u) }); err != nil {
			return err
		}
	}
	for i, k := range c.Keys {
		if _, err := sign.ParsePin(k); err != nil {
			return bad(fmt.Sprintf("keys[%d]", i), BadKey, err.Error())
		}
	}
	return nil
}

// check calls bad for the first that is no URL of the web.
func (u URLs) check(bad func(i int, url string) error) error {
	for i, url := range u {
		if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") {
			return bad(i, url)
		}
	}
	return nil
}

// syntaxError takes line and reason out of a parser's error.
func syntaxError(path string, err error) error {
	var e yaml.Error
	if !errors.As(err, &e) {
		return &Error{Where: path, Code: Syntax, Detail: err.Error()}
	}
	out := &Error{Where: path, Code: Syntax, Detail: e.GetMessage()}
	if t := e.GetToken(); t != nil && t.Position != nil {
		out.Line = t.Position.Line
	}
	var unknown *yaml.UnknownFieldError
	var kind *yaml.TypeError
	var node *yaml.UnexpectedNodeTypeError
	switch {
	case errors.As(err, &unknown):
		out.Code, out.Detail = Unknown, strings.Trim(strings.TrimPrefix(e.GetMessage(), "unknown field "), `"`)
	case strings.HasPrefix(e.GetMessage(), "mapping key") && strings.Contains(e.GetMessage(), "already defined"):
		out.Code, out.Detail = Twice, ""
	case errors.As(err, &kind), errors.As(err, &node):
		out.Code, out.Detail = Kind, ""
	case strings.Contains(e.GetMessage(), "'\t'"):
		out.Code, out.Detail = Tab, ""
	}
	return out
}

func lineOf(tree *ast.File, key string) int {
	path, err := yaml.PathString("$." + key)
	if err != nil {
		return 0
	}
	node, err := path.FilterFile(tree)
	if i := strings.LastIndex(key, "["); i > 0 && (err != nil || node == nil) {
		return lineOf(tree, key[:i]) // one value instead of a list
	}
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
			return sign.Set{}, &Error{Where: c.where(), Code: BadKey, Detail: err.Error()}
		}
		pins = append(pins, p)
	}
	set, err := sign.NewSet(pins)
	if err != nil {
		return sign.Set{}, &Error{Where: c.where(), Code: BadKey, Detail: err.Error()}
	}
	return set, nil
}

func (c *Config) where() string {
	if c.Path != "" {
		return c.Path
	}
	return "WGTUP_PUBLIC_KEYS"
}
