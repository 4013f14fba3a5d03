// Command agreement answers what the client's generated cases ask: agree.mjs
// writes one JSON line each, reads one line back, and compares it with what the
// TypeScript says.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"wgtup/release"
	"wgtup/sign"
)

// question asks for one of three things: to read a document (and decide on it,
// if there is a device), to decide on the document read last, or to open an
// entry.
type question struct {
	Document []byte
	Device   *release.Device
	Now      int64 // milliseconds since 1970
	Network  bool

	Entry        []byte
	App, Channel string
	Pins         []string
}

type answer struct {
	Accepted bool              `json:"accepted"`
	Epoch    int64             `json:"epoch,omitempty"`
	Sequence int64             `json:"sequence,omitempty"`
	Set      string            `json:"set,omitempty"`
	Decision *release.Decision `json:"decision,omitempty"`
	Why      string            `json:"why,omitempty"` // for people: not compared
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	write := json.NewEncoder(out)
	var document *release.Document
	for in.Scan() {
		var q question
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			fail(err)
		}
		var a answer
		var err error
		switch {
		case q.Entry != nil:
			a, err = open(q)
		case q.Document != nil:
			document, err = release.Parse(q.Document)
			fallthrough
		default:
			if document != nil {
				a = answer{Accepted: true, Epoch: document.Epoch, Sequence: document.Sequence}
				if q.Device != nil {
					d := release.Decide(*q.Device, document, release.Clock{Now: time.UnixMilli(q.Now), Network: q.Network})
					a.Decision = &d
				}
			}
		}
		if err != nil {
			a = answer{Why: err.Error()}
		}
		if err := write.Encode(a); err != nil {
			fail(err)
		}
	}
	if err := in.Err(); err != nil {
		fail(err)
	}
	if err := out.Flush(); err != nil {
		fail(err)
	}
}

// open is what a device does with the text of an entry.
func open(q question) (answer, error) {
	var pins []sign.Pin
	for _, text := range q.Pins {
		pin, err := sign.ParsePin(text)
		if err != nil {
			return answer{}, err
		}
		pins = append(pins, pin)
	}
	trusted, err := sign.NewSet(pins)
	if err != nil {
		return answer{}, err
	}
	envelope, err := sign.Parse(q.Entry)
	if err != nil {
		return answer{}, err
	}
	set, err := sign.Open(envelope, release.PayloadType, q.App, q.Channel, trusted)
	if err != nil {
		return answer{}, err
	}
	d, err := release.Parse(envelope.Payload)
	if err != nil {
		return answer{}, err
	}
	if d.App != q.App || d.Channel != q.Channel || d.Epoch != set.Epoch {
		return answer{}, fmt.Errorf("stands elsewhere than it says")
	}
	return answer{Accepted: true, Epoch: d.Epoch, Sequence: d.Sequence, Set: set.Digest()}, nil
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "agreement:", err)
	os.Exit(1)
}
