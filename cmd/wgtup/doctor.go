package main

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wgtup/internal/config"
	"wgtup/internal/doctor"
	"wgtup/internal/store"
)

func doctorCommand(ui *ui) *cobra.Command {
	var h5 bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: ui.t(text{"examine the bucket, its key and its public URLs; writes and deletes doctor.json", "体检存储桶、密钥和公网地址；会写入并删除 .wgtup/doctor"}),
		Args:  takes(0, 0),
		RunE:  func(c *cobra.Command, _ []string) error { return ui.doctor(c.Context(), h5) },
	}
	c.Flags().BoolVar(&h5, "h5", false, ui.t(text{"a web page reads the bucket too: examine CORS", "网页（H5）也要读取存储桶：检查跨域设置"}))
	return c
}

// findingJSON is a finding with its words.
type findingJSON struct {
	doctor.Finding
	Mirror string `json:"mirror,omitempty"` // its store, unless it is about the home
	What   string `json:"what"`
	Suffer string `json:"suffer"`
	Fix    string `json:"fix"`
}

var severityWords = map[doctor.Severity]text{
	doctor.Bad:     {"✗", "✗"},
	doctor.Warning: {"!", "!"},
	doctor.Note:    {"i", "i"},
}

func (u *ui) doctor(ctx context.Context, h5 bool) error {
	c, err := u.settings()
	if err != nil {
		return err
	}
	if c.Store == "" {
		return noStore()
	}
	shown, bad := []findingJSON{}, 0
	for i, place := range append([]config.Mirror{{Store: c.Store, PublicURL: c.PublicURL}}, c.Mirrors...) {
		p, err := u.patient(ctx, place)
		if err != nil {
			return err
		}
		p.H5, p.Mirror = h5, i > 0
		facts, err := doctor.Observe(ctx, p)
		if err != nil {
			return err
		}
		scheme := facts.Store.Scheme
		for _, f := range doctor.Judge(facts) {
			words := doctorWords[f.Code]
			one := findingJSON{f, "", u.t(words.what), u.t(words.suffer), strings.ReplaceAll(u.t(words.remedy(scheme)), "KEYS", keyVariables(scheme))}
			if p.Mirror {
				one.Mirror = place.Store
			}
			shown = append(shown, one)
			if f.Severity == doctor.Bad {
				bad++
			}
			u.showFinding(one)
		}
	}
	if err := u.print(shown); err != nil {
		return err
	}
	if len(shown) == 0 {
		u.say(text{"nothing found: the bucket does what wgtup needs", "没有发现问题：存储桶满足 wgtup 的全部要求"})
	}
	if bad > 0 {
		return fault(exitStore, "unhealthy", text{"%d of the findings must be fixed", "有 %d 个问题必须解决"}, bad).
			hint(text{"the lines above say how; then run wgtup doctor again", "解决办法见上，然后重新执行 wgtup doctor"})
	}
	return nil
}

func (u *ui) showFinding(f findingJSON) {
	u.say(text{"%s %s: %s", "%s %s：%s"}, u.t(severityWords[f.Severity]), f.Code, f.What)
	if f.Mirror != "" {
		u.say(text{"    in mirror %s", "    在镜像 %s"}, f.Mirror)
	}
	for _, line := range []string{f.Where, f.Detail} {
		if line != "" {
			u.say(text{"    %s", "    %s"}, line)
		}
	}
	u.say(text{"    so: %s", "    后果：%s"}, f.Suffer)
	u.say(text{"    fix: %s", "    解决：%s"}, f.Fix)
}

// patient is a store that the configuration names, the home's or a mirror's; neither
// app nor keys are needed.
func (u *ui) patient(ctx context.Context, place config.Mirror) (doctor.Patient, error) {
	p := doctor.Patient{Sites: place.PublicURL, HTTP: &http.Client{Transport: doctorTransport(), Timeout: time.Minute}, Now: time.Now, Nonce: rand.Text()}
	var err error
	if p.Store, err = store.Open(ctx, place.Store, u.env); err != nil {
		return p, err
	}
	base, query, _ := strings.Cut(place.Store, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return p, nil // a folder
	}
	p.Endpoint = values.Get("endpoint")
	if values.Get("acl") == "object" {
		values.Del("acl")
		p.Plain, err = store.Open(ctx, base+"?"+values.Encode(), u.env)
	}
	return p, err
}

// doctorTransport gives up on a public URL that is silent.
func doctorTransport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.ResponseHeaderTimeout = silence
	return t
}
