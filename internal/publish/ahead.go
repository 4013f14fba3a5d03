package publish

import "context"

// ReadAhead begins to read the newest entry while its caller still packs what it
// is going to publish. The first Plan takes what was found: an entry that is
// older by then loses the race for the number, as ever. stop ends the reading.
func (p *Publisher) ReadAhead(ctx context.Context) (stop func()) {
	ctx, stop = context.WithCancel(ctx)
	silent := *p
	silent.Progress = nil
	type answer struct {
		head *Entry
		err  error
	}
	found := make(chan answer, 1)
	go func() {
		head, err := silent.current(ctx)
		found <- answer{head, err}
	}()
	p.ahead = func() (*Entry, error) {
		p.ahead = nil
		a := <-found
		return a.head, a.err
	}
	return stop
}

// newest is the entry that the next one continues, verified.
func (p *Publisher) newest(ctx context.Context) (*Entry, error) {
	if p.ahead != nil {
		return p.ahead()
	}
	return p.current(ctx)
}
