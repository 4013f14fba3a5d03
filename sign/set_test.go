package sign

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"wgtup/jcs"
)

func TestNewSet(t *testing.T) {
	r := testSecret("recovery 0", Recovery, 0).Pin()
	s := testSecret("signing 0", Signing, 0).Pin()
	more := func(n int) []Pin {
		pins := []Pin{r}
		for i := range n {
			pins = append(pins, testSecret(fmt.Sprint("many ", i), Signing, 0).Pin())
		}
		return pins
	}
	bound := func(channels ...string) Pin { p := s; p.Channels = channels; return p }
	with := func(p Pin, change func(*Pin)) Pin { change(&p); return p }
	cases := []struct {
		name    string
		pins    []Pin
		problem string
	}{
		{"two keys", []Pin{r, s}, ""},
		{"as many as there may be", more(MaxKeys - 1), ""},
		{"bound to channels", []Pin{r, bound("beta", "production")}, ""},
		{"nothing", nil, "1 to 16 keys, not 0"},
		{"too many", more(MaxKeys), "1 to 16 keys, not 17"},
		{"no signing key", []Pin{r}, "needs a signing and a recovery key"},
		{"no recovery key", []Pin{s}, "needs a signing and a recovery key"},
		{"one key twice", []Pin{r, s, s}, "is named twice"},
		{"one key twice, once bound", []Pin{r, s, bound("beta")}, "is named twice"},
		{"one key in two roles", []Pin{r, with(r, func(p *Pin) { p.Role = Signing })}, "is named twice"},
		{"mixed epochs", []Pin{r, with(s, func(p *Pin) { p.Epoch = 1 })}, "epochs 0 and 1 in one set"},
		{"mixed epochs, the other order", []Pin{with(r, func(p *Pin) { p.Epoch = 1 }), s}, "epochs 1 and 0 in one set"},
		{"negative epoch", []Pin{with(r, func(p *Pin) { p.Epoch = -1 }), with(s, func(p *Pin) { p.Epoch = -1 })}, "epoch must be"},
		{"no key", []Pin{r, s, {Role: Signing}}, "the key must be 32 bytes"},
		{"short key", []Pin{r, with(s, func(p *Pin) { p.Key = p.Key[:31] })}, "the key must be 32 bytes"},
		{"unknown role", []Pin{r, s, with(testSecret("x", Signing, 0).Pin(), func(p *Pin) { p.Role = "witness" })}, "the role must be"},
		{"no role", []Pin{r, with(s, func(p *Pin) { p.Role = "" })}, "the role must be"},
		{"bound recovery key", []Pin{with(r, func(p *Pin) { p.Channels = []string{"beta"} }), s}, "only a signing key"},
		{"channels out of order", []Pin{r, bound("production", "beta")}, "in order"},
		{"channel twice", []Pin{r, bound("beta", "beta")}, "in order"},
		{"channel that is no name", []Pin{r, bound("Beta")}, "in order"},
		{"empty channel", []Pin{r, bound("")}, "in order"},
	}
	for _, c := range cases {
		set, err := NewSet(c.pins)
		if c.problem != "" {
			if err == nil || !strings.Contains(err.Error(), c.problem) {
				t.Errorf("%s: got %v, want %q", c.name, err, c.problem)
			}
			continue
		}
		if err != nil || len(set.Pins) != len(c.pins) || !slices.IsSortedFunc(set.Pins, func(a, b Pin) int { return strings.Compare(a.String(), b.String()) }) {
			t.Errorf("%s: %v, %v", c.name, set.Pins, err)
		}
		for _, p := range c.pins {
			if found, ok := set.Find(p.ID()); !ok || found.String() != p.String() {
				t.Errorf("%s: Find(%s) = %s, %v", c.name, p.ID(), found, ok)
			}
		}
		if p, ok := set.Find("0123456789abcdef"); ok {
			t.Errorf("%s: Find of a strange id = %s", c.name, p)
		}
	}
}

// The order in which pins are given says nothing, and NewSet leaves it alone.
func TestSetOrder(t *testing.T) {
	pins := []Pin{
		testSecret("recovery 0", Recovery, 0).Pin(), testSecret("second recovery 0", Recovery, 0).Pin(),
		testSecret("signing 0", Signing, 0).Pin(), testSecret("second signing 0", Signing, 0).Pin(),
	}
	pins[3].Channels = []string{"beta"}
	first, err := NewSet(pins)
	if err != nil {
		t.Fatal(err)
	}
	given := slices.Clone(pins)
	for range pins {
		given = append(given[1:], given[0])
		before := fmt.Sprint(given)
		set, err := NewSet(given)
		if err != nil || set.Digest() != first.Digest() || fmt.Sprint(set.Pins) != fmt.Sprint(first.Pins) {
			t.Errorf("%s: %v", given, err)
		}
		if fmt.Sprint(given) != before {
			t.Error("NewSet reorders its argument")
		}
	}
}

func TestDigest(t *testing.T) {
	r, s, set := testEpoch(t, 0)
	text := fmt.Sprintf(`[{"key":"%s","role":"recovery"},{"key":"%s","role":"signing"}]`, encodeBase64(r.Pin().Key), encodeBase64(s.Pin().Key))
	sum := sha256.Sum256([]byte(text))
	if want := hex.EncodeToString(sum[:]); set.Digest() != want {
		t.Errorf("digest %s, want %s", set.Digest(), want)
	}
	seen := map[string]string{set.Digest(): "the set"}
	change := func(name string, pins ...Pin) {
		other, err := NewSet(pins)
		if err != nil {
			t.Fatal(err)
		}
		if same, ok := seen[other.Digest()]; ok {
			t.Errorf("%s has the digest of %s", name, same)
		}
		seen[other.Digest()] = name
	}
	bound := s.Pin()
	bound.Channels = []string{"beta"}
	change("bound to a channel", r.Pin(), bound)
	bound.Channels = []string{"beta", "production"}
	change("bound to two channels", r.Pin(), bound)
	change("another signing key", r.Pin(), testSecret("x", Signing, 0).Pin())
	change("another recovery key", testSecret("x", Recovery, 0).Pin(), s.Pin())
	change("one key more", r.Pin(), s.Pin(), testSecret("x", Signing, 0).Pin())
	change("roles exchanged", Pin{Role: Signing, Key: r.Pin().Key}, Pin{Role: Recovery, Key: s.Pin().Key})
}

func TestPinSigns(t *testing.T) {
	cases := []struct {
		pin     Pin
		channel string
		want    bool
	}{
		{Pin{Role: Signing}, "production", true},
		{Pin{Role: Signing}, "", true},
		{Pin{Role: Recovery}, "production", false},
		{Pin{Role: "witness"}, "production", false},
		{Pin{Role: Signing, Channels: []string{"beta", "production"}}, "beta", true},
		{Pin{Role: Signing, Channels: []string{"beta", "production"}}, "production", true},
		{Pin{Role: Signing, Channels: []string{"beta", "production"}}, "prod", false},
		{Pin{Role: Signing, Channels: []string{"beta", "production"}}, "beta,production", false},
		{Pin{Role: Signing, Channels: []string{"beta"}}, "", false},
		{Pin{Role: Recovery, Channels: []string{"beta"}}, "beta", false},
	}
	for _, c := range cases {
		if got := c.pin.Signs(c.channel); got != c.want {
			t.Errorf("%s key for %q signs %q: %v", c.pin.Role, c.pin.Channels, c.channel, got)
		}
	}
}

// A set has one spelling in a statement: what members writes, setOf reads back.
func TestStatementSpellsASetOnce(t *testing.T) {
	_, _, set := testEpoch(t, 3)
	members := set.members()
	again, err := setOf(3, members)
	if err != nil || again.Digest() != set.Digest() {
		t.Fatalf("%v", err)
	}
	slices.Reverse(members)
	if _, err := setOf(3, members); err == nil {
		t.Error("the other order is accepted")
	}
	slices.Reverse(members)
	members[1].Channels = []string{}
	if _, err := setOf(3, members); err == nil {
		t.Error("an empty list of channels is accepted")
	}
	if text, err := jcs.Marshal(members); err != nil || strings.Contains(string(text), "channels") {
		t.Errorf("an empty list of channels is written: %s, %v", text, err)
	}
}
