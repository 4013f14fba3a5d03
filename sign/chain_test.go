package sign

import (
	"errors"
	"slices"
	"testing"
)

// Whatever set a build has pinned, it ends at the same one, and stays there.
func TestRotationsFromEveryEpoch(t *testing.T) {
	e := testChain(t, 3, "{}")
	_, _, last := testEpoch(t, 3)
	for epoch := range int64(4) {
		_, _, pinned := testEpoch(t, epoch)
		set, err := Open(e, testType, testApp, "production", pinned)
		if err != nil || set.Epoch != 3 || set.Digest() != last.Digest() {
			t.Errorf("pins of epoch %d: epoch %d, %v", epoch, set.Epoch, err)
		}
		// the verifier keeps what it got: an older document does not open any more
		for older := range int64(3) {
			if _, err := Open(testChain(t, older, "{}"), testType, testApp, "production", set); !errors.Is(err, ErrRefused) {
				t.Errorf("a document of epoch %d after epoch 3: %v", older, err)
			}
		}
		if _, err := Open(e, testType, testApp, "production", set); err != nil {
			t.Errorf("the same document again: %v", err)
		}
	}
	_, _, pinned := testEpoch(t, 4)
	if _, err := Open(e, testType, testApp, "production", pinned); !errors.Is(err, ErrRefused) {
		t.Errorf("pins of epoch 4: %v", err)
	}
}

// Every way to take statements out of a chain, repeat or reorder them: only
// those that leave a whole chain from the pins to the last one are followed.
func TestWalkOfEveryArrangement(t *testing.T) {
	all := testChain(t, 3, "{}").Statements
	var arrangements [][]int64
	for length, level := 0, [][]int64{{}}; length <= 4; length++ {
		arrangements = append(arrangements, level...)
		var next [][]int64
		for _, a := range level {
			for e := int64(1); e <= 3; e++ {
				next = append(next, append(slices.Clone(a), e))
			}
		}
		level = next
	}
	if len(arrangements) != 1+3+9+27+81 {
		t.Fatalf("%d arrangements", len(arrangements))
	}
	for pinned := range int64(4) {
		_, _, trusted := testEpoch(t, pinned)
		followed := 0
		for _, a := range arrangements {
			var statements []Envelope
			for _, e := range a {
				statements = append(statements, all[e-1])
			}
			whole, last := true, int64(0)
			for i, e := range a {
				whole = whole && (i == 0 && e <= pinned+1 || i > 0 && e == a[i-1]+1)
				last = e
			}
			whole = whole && last >= pinned
			set, err := Walk(statements, testApp, trusted)
			if whole {
				followed++
			}
			if whole != (err == nil) || whole && set.Epoch != last || !whole && !errors.Is(err, ErrRefused) {
				t.Errorf("pins of epoch %d, statements %d: epoch %d, %v", pinned, a, set.Epoch, err)
			}
		}
		if want := []int{4, 5, 5, 3}[pinned]; followed != want {
			t.Errorf("pins of epoch %d: %d arrangements followed, want %d", pinned, followed, want)
		}
	}
}

// Every key that ever was, on the document and on each statement: one is right.
func TestOnlyOneKeyIsRight(t *testing.T) {
	good := testChain(t, 3, "{}")
	_, _, trusted := testEpoch(t, 0)
	var keys []Secret
	for epoch := range int64(5) {
		recovery, signing, _ := testEpoch(t, epoch)
		keys = append(keys, recovery, signing)
	}
	keys = append(keys, testSecret("stranger", Signing, 0), testSecret("strange recovery", Recovery, 0))
	for place := range 4 { // the statements of epochs 1 to 3, and the document
		want := keys[2*place] // the recovery key of the set before
		if place == 3 {
			want = keys[2*3+1]
		}
		for _, k := range keys {
			e := good
			e.Statements = slices.Clone(good.Statements)
			signed := &e
			if place < 3 {
				signed = &e.Statements[place]
			}
			other, err := Seal(signed.Type, signed.Payload, signed.Statements, k)
			if err != nil {
				t.Fatal(err)
			}
			*signed = other
			_, err = Open(e, testType, testApp, "production", trusted)
			if right := k.Pin().String() == want.Pin().String(); right != (err == nil) || !right && !errors.Is(err, ErrRefused) {
				t.Errorf("place %d signed by %s of epoch %d: %v", place, k, k.Epoch, err)
			}
			// the same signature under the id of the right key
			signed.Signatures[0].KeyID = want.Pin().ID()
			if _, err := Open(e, testType, testApp, "production", trusted); (err == nil) != (k.Pin().String() == want.Pin().String()) {
				t.Errorf("place %d signed by %s of epoch %d under another id: %v", place, k, k.Epoch, err)
			}
		}
	}
}

func TestNewStatementRefuses(t *testing.T) {
	recovery, signing, same := testEpoch(t, 1)
	_, _, next := testEpoch(t, 2)
	_, _, after := testEpoch(t, 3)
	_, _, before := testEpoch(t, 0)
	for name, c := range map[string]struct {
		next Set
		key  Secret
		ok   bool
	}{
		"the next set":   {next, recovery, true},
		"a signing key":  {next, signing, false},
		"the same epoch": {same, recovery, false},
		"a gap":          {after, recovery, false},
		"back":           {before, recovery, false},
	} {
		if _, err := NewStatement(testApp, c.next, c.key); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is skipped is read, not verified: its signer is unknown to the holder.
// A writer that copies a chain must therefore walk it from its first pins.
func TestSkippedStatements(t *testing.T) {
	e := testChain(t, 2, "{}")
	e.Statements[0].Signatures[0].Bytes = make([]byte, 64)
	for epoch, ok := range map[int64]bool{0: false, 1: true, 2: true} {
		_, _, pinned := testEpoch(t, epoch)
		if _, err := Open(e, testType, testApp, "production", pinned); (err == nil) != ok {
			t.Errorf("pins of epoch %d: %v", epoch, err)
		}
	}
}
