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
		shut bool
		err  error
	}
	found := make(chan answer, 1)
	go func() {
		head, shut, err := silent.current(ctx)
		found <- answer{head, shut, err}
	}()
	p.ahead = func() (*Entry, bool, error) {
		p.ahead = nil
		a := <-found
		return a.head, a.shut, a.err
	}
	return stop
}

// newest is current, unless that was read ahead.
func (p *Publisher) newest(ctx context.Context) (head *Entry, shut bool, err error) {
	if p.ahead != nil {
		return p.ahead()
	}
	return p.current(ctx)
}
