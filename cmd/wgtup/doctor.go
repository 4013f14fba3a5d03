package main

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

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
	p, err := u.patient(ctx, h5)
	if err != nil {
		return err
	}
	facts, err := doctor.Observe(ctx, p)
	if err != nil {
		return err
	}
	scheme, bad := facts.Store.Scheme, 0
	shown := []findingJSON{}
	for _, f := range doctor.Judge(facts) {
		words := doctorWords[f.Code]
		one := findingJSON{f, u.t(words.what), u.t(words.suffer), strings.ReplaceAll(u.t(words.remedy(scheme)), "KEYS", keyVariables(scheme))}
		shown = append(shown, one)
		if f.Severity == doctor.Bad {
			bad++
		}
		u.showFinding(one)
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
	for _, line := range []string{f.Where, f.Detail} {
		if line != "" {
			u.say(text{"    %s", "    %s"}, line)
		}
	}
	u.say(text{"    so: %s", "    后果：%s"}, f.Suffer)
	u.say(text{"    fix: %s", "    解决：%s"}, f.Fix)
}

// patient is what the configuration names; neither app nor keys are needed.
func (u *ui) patient(ctx context.Context, h5 bool) (doctor.Patient, error) {
	c, err := u.settings()
	if err != nil {
		return doctor.Patient{}, err
	}
	if c.Store == "" {
		return doctor.Patient{}, noStore()
	}
	p := doctor.Patient{Sites: c.PublicURL, H5: h5, HTTP: &http.Client{Transport: doctorTransport(), Timeout: time.Minute}, Now: time.Now, Nonce: rand.Text()}
	if p.Store, err = store.Open(ctx, c.Store, u.env); err != nil {
		return p, err
	}
	base, query, _ := strings.Cut(c.Store, "?")
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
