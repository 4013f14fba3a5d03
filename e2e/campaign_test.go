package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"wgtup/internal/store"
	"wgtup/release"
	"wgtup/sign"
)

// P13: publish and rollback are killed at random moments, and strangers look. How
// often is up to WGTUP_CAMPAIGN (kills of each command on each store), the
// moments to WGTUP_SEED: `make campaign`.
func TestP13Campaign(t *testing.T) {
	kills, seed := number(t, "WGTUP_CAMPAIGN", 8), number(t, "WGTUP_SEED", 1)
	for i, kind := range []string{"dir", "s3"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := &campaign{t: t, kind: i, rnd: rand.New(rand.NewPCG(uint64(seed), uint64(i))), typical: map[string]time.Duration{}, met: map[string]int{}}
			for c.met["publish killed"] < kills || c.met["rollback killed"] < kills {
				c.tour(kills)
			}
			t.Logf("seed %d, 0 violations: %v", seed, c.met)
		})
	}
}

func number(t *testing.T, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s is %q", name, text)
	}
	return n
}

// tour is how many releases one channel sees: every rollback makes its document
// longer.
const tour = 50

type campaign struct {
	t       *testing.T
	kind    int
	rnd     *rand.Rand
	typical map[string]time.Duration // how long a command takes that nobody kills
	met     map[string]int
}

// tour publishes and takes back releases on a new store until enough commands
// were killed, or the channel is long.
func (c *campaign) tour(kills int) {
	p := newProject(c.t, places(c.t)[c.kind])
	w := newWitness(p)
	p.ok("publish", "--base", small(c.t, "1.0.0", 100))
	for i := 1; i <= tour && (c.met["publish killed"] < kills || c.met["rollback killed"] < kills); i++ {
		version := fmt.Sprintf("1.0.%d", i)
		c.meet(p, w, "publish", version, "publish", small(c.t, version, 100+i))
		c.meet(p, w, "rollback", version, "rollback", "--to", "1.0.0")
	}
}

// meet runs a command that is killed at a random moment, looks, runs it again,
// and looks again.
func (c *campaign) meet(p *project, w *witness, command, version string, args ...string) {
	c.t.Helper()
	args = append(args, "--json")
	moment := time.Hour // the first one lives, and shows how long it takes
	if c.typical[command] > 0 {
		moment = time.Duration(c.rnd.Float64() * 1.05 * float64(c.typical[command]))
	}
	victim := exec.Command(wgtup, args...)
	victim.Dir, victim.Env = p.dir, p.env
	var out bytes.Buffer
	victim.Stdout, victim.Stderr = &out, &out
	start := time.Now()
	if err := victim.Start(); err != nil {
		c.t.Fatal(err)
	}
	timer := time.AfterFunc(moment, func() { victim.Process.Kill() })
	err := victim.Wait()
	ran := time.Since(start)
	timer.Stop()
	finished := victim.ProcessState.Exited()
	fail := func(when string, err error) {
		c.t.Helper()
		c.t.Fatalf("%s %s, killed after %v (finished %v), %s: %v\n%s", command, version, moment, finished, when, err, out.Bytes())
	}
	if finished && err != nil {
		fail("by itself", err)
	}
	before, lookErr := w.look()
	if lookErr != nil {
		fail("killed", lookErr)
	}
	happened := before.says(command, version)
	if finished && !happened {
		fail("reported success", fmt.Errorf("it is not in the journal"))
	}
	again := time.Now()
	code, text, messages := p.run(args...)
	took := time.Since(again)
	var said struct{ Done, Healed bool }
	if code != 0 {
		fail("again", fmt.Errorf("exit %d: %s", code, messages))
	}
	if err := json.Unmarshal([]byte(text), &said); err != nil {
		fail("again", err)
	}
	after, lookErr := w.look()
	switch {
	case lookErr != nil:
		fail("again", lookErr)
	case happened && !said.Done, !after.says(command, version):
		fail("again", fmt.Errorf("it reports done %v, before it was %v, now %v", said.Done, happened, after.says(command, version)))
	case !after.settled:
		fail("again", fmt.Errorf("the copies do not follow entry %d", after.newest.Sequence))
	case after.newest.Sequence-before.newest.Sequence > 1:
		fail("again", fmt.Errorf("%d entries", after.newest.Sequence-before.newest.Sequence))
	}
	switch {
	case finished:
		c.met[command+" finished before"]++
		took = ran
	case !happened:
		c.met[command+" killed before the entry"]++
	case said.Healed:
		c.met[command+" killed before the copies"]++
	default:
		c.met[command+" killed after the copies"]++
	}
	if !finished {
		c.met[command+" killed"]++
	}
	switch {
	case c.typical[command] == 0:
		c.typical[command] = took
	case !said.Done:
		c.typical[command] = (7*c.typical[command] + took) / 8
	}
}

// small is a build output of a version, as small as it may be.
func small(t *testing.T, version string, code int) string {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("..", "cmd", "wgtup", "testdata", "app.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), version)
	words := strings.NewReplacer("VERSION", version, "CODE", strconv.Itoa(code), "__UNI__A1B2C3D", app)
	for _, f := range archive.Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(words.Replace(string(f.Data))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A witness is a stranger with the pins of the app who looks again and again and
// remembers: I1 what is offered verifies, I2 copies are whole, I3 numbers never
// go back and entries never change, I5 nothing is left half uploaded.
type witness struct {
	p       *project
	pins    sign.Set
	entries []*release.Document // of the journal, from 1
	texts   [][]byte
	shown   int64 // highest number that release.json had
	store   *store.Store
}

// sight is what a witness saw.
type sight struct {
	newest  *release.Document // of the journal
	settled bool              // the copies are those of it
}

// says reports whether the newest entry is the one a command makes.
func (s sight) says(command, version string) bool {
	withdrawn := false
	for _, w := range s.newest.Withdrawn {
		withdrawn = withdrawn || w.Version.Name == version
	}
	live := false
	for _, r := range s.newest.Releases {
		live = live || r.Version.Name == version && !r.Landing
	}
	return command == "publish" && live || command == "rollback" && withdrawn
}

func newWitness(p *project) *witness {
	p.t.Helper()
	var keys []struct{ Pin string }
	if err := json.Unmarshal([]byte(p.ok("keys", "show", "--json")), &keys); err != nil {
		p.t.Fatal(err)
	}
	var pins []sign.Pin
	for _, k := range keys {
		pin, err := sign.ParsePin(k.Pin)
		if err != nil {
			p.t.Fatal(err)
		}
		pins = append(pins, pin)
	}
	set, err := sign.NewSet(pins)
	if err != nil {
		p.t.Fatal(err)
	}
	env := map[string]string{}
	for _, one := range p.env {
		name, value, _ := strings.Cut(one, "=")
		env[name] = value
	}
	s, err := store.Open(p.t.Context(), p.place.store, func(name string) string { return env[name] })
	if err != nil {
		p.t.Fatal(err)
	}
	return &witness{p: p, pins: set, store: s}
}

// get reads an object as anybody can; nil when it is not there.
func (w *witness) get(key string) ([]byte, http.Header, error) {
	resp, err := http.Get(strings.TrimSuffix(w.p.public, "/") + "/" + key)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if resp.StatusCode == http.StatusNotFound {
		return nil, nil, err
	}
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", key, resp.Status)
	}
	return body, resp.Header, err
}

func (w *witness) open(text []byte) (*release.Document, []byte, error) {
	e, err := sign.Parse(text)
	if err != nil {
		return nil, nil, err
	}
	if _, err := sign.Open(e, release.PayloadType, app, "production", w.pins); err != nil {
		return nil, nil, err
	}
	d, err := release.Parse(e.Payload)
	return d, e.Payload, err
}

// journal reads on from the last entry it knows, which must not have changed.
func (w *witness) journal() error {
	for n := max(1, int64(len(w.texts))); ; n++ {
		key := release.JournalKey("production", release.Position{Sequence: n})
		text, _, err := w.get(key)
		if err != nil {
			return err
		}
		if n <= int64(len(w.texts)) {
			if !bytes.Equal(text, w.texts[n-1]) {
				return fmt.Errorf("I3: entry %d changed", n)
			}
			continue
		}
		if text == nil {
			return nil
		}
		d, _, err := w.open(text)
		if err != nil {
			return fmt.Errorf("I1: entry %d: %w", n, err)
		}
		if n > 1 {
			_, before, _ := w.open(w.texts[n-2])
			if d.Sequence != n || d.Previous != release.Digest(before) {
				return fmt.Errorf("I3: entry %d does not continue %d", n, n-1)
			}
		}
		w.texts, w.entries = append(w.texts, text), append(w.entries, d)
	}
}

func (w *witness) look() (sight, error) {
	var s sight
	if err := w.journal(); err != nil {
		return s, err
	}
	s.newest = w.entries[len(w.entries)-1]
	text, header, err := w.get(release.DocumentKey("production"))
	if err != nil || text == nil {
		return s, fmt.Errorf("I1: release.json: %v", err)
	}
	at, _ := strconv.ParseInt(meta(header, "release"), 10, 64)
	switch {
	case at < 1 || at > int64(len(w.texts)) || !bytes.Equal(text, w.texts[at-1]):
		return s, fmt.Errorf("I2: release.json says %d and is not that entry", at)
	case at < w.shown:
		return s, fmt.Errorf("I3: release.json went back from %d to %d", w.shown, at)
	}
	w.shown = at
	for _, r := range w.entries[at-1].Releases {
		body, _, err := w.get(r.PackageKey())
		if sum := sha256.Sum256(body); err != nil || hex.EncodeToString(sum[:]) != r.Package.SHA256 {
			return s, fmt.Errorf("I1: the package of %s: %v", r.ID, err)
		}
	}
	body, header, err := w.get(release.LatestKey("production"))
	if err != nil || body == nil {
		return s, fmt.Errorf("I2: latest.wgt: %v", err)
	}
	of, _ := strconv.ParseInt(meta(header, "release"), 10, 64)
	if of < 1 || of > int64(len(w.entries)) {
		return s, fmt.Errorf("I2: latest.wgt of entry %d", of)
	}
	latest := w.entries[of-1].Latest(time.Now())
	if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != latest.Package.SHA256 || meta(header, "version-name") != latest.Version.Name {
		return s, fmt.Errorf("I2: latest.wgt of entry %d is not that of %s", of, latest.ID)
	}
	s.settled = at == s.newest.Sequence && of == at
	left, err := w.store.Uploads(w.p.t.Context(), "", time.Now().Add(-time.Minute))
	if err != nil || len(left) > 0 {
		return s, fmt.Errorf("I5: unfinished uploads %v, %v", left, err)
	}
	return s, nil
}
