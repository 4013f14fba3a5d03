package release

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"wgtup/jcs"
)

// readVectors reads a file that the client's tests read too. A member this test
// does not know is an error: it would be a rule that only one side checks.
func readVectors(t testing.TB, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "testdata", "vectors", "release", name))
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// countVectors guards against a file that silently lost cases, and names.
func countVectors(t *testing.T, file string, want int, names []string) {
	t.Helper()
	if len(names) != want {
		t.Errorf("%s has %d cases, this test knows %d", file, len(names), want)
	}
	seen := map[string]bool{}
	for _, n := range names {
		if n == "" || seen[n] {
			t.Errorf("%s: name %q is empty or used twice", file, n)
		}
		seen[n] = true
	}
}

// canonical turns the readable JSON of a vector file into a payload.
func canonical(t testing.TB, readable []byte) []byte {
	t.Helper()
	payload, err := jcs.Marshal(json.RawMessage(readable))
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// parseVectors reads the named documents of a vector file.
func parseVectors(t *testing.T, texts map[string]json.RawMessage) map[string]*Document {
	t.Helper()
	documents := map[string]*Document{}
	for name, text := range texts {
		d, err := Parse(canonical(t, text))
		if err != nil {
			t.Fatalf("document %q: %v", name, err)
		}
		documents[name] = d
	}
	return documents
}

// sameJSON compares two values as JSON.
func sameJSON(t testing.TB, got, want any) bool {
	t.Helper()
	g, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	w, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(g, w)
}
