package main

import (
	"errors"

	"wgtup/internal/public"
	"wgtup/internal/publish"
)

// viewJSON is what devices see at one public URL.
type viewJSON struct {
	URL       string `json:"url"`
	Visible   bool   `json:"visible"`
	LatencyMs int64  `json:"latencyMs"`
	Problem   string `json:"problem"`
}

func viewsJSON(views []publish.View) []viewJSON {
	out := []viewJSON{}
	for _, v := range views {
		out = append(out, viewJSON{v.URL, v.Visible, v.Latency.Milliseconds(), v.Problem})
	}
	return out
}

// visibility tells what devices see, and is exit 4 when that is not the newest
// entry yet.
func (u *ui) visibility(p *publish.Publisher, r *publish.Result) error {
	if r.Entry == nil {
		return nil
	}
	if len(p.Sites) == 0 {
		u.note(text{"no public-url in wgtup.yaml: nobody looked whether phones can see it", "wgtup.yaml 里没有 public-url：未检查手机能否看到"})
		return nil
	}
	var bad *publish.View
	for i, v := range r.Views {
		if v.Visible {
			u.say(text{"  visible at %s after %s", "  %[2]s 后可从 %[1]s 看到"}, v.URL, durationText(v.Latency))
		} else if bad == nil {
			bad = &r.Views[i]
		}
	}
	if bad == nil {
		return nil
	}
	problem := viewText(*bad)
	f := fault(exitNotVisible, "not-visible", text{"published, but not visible at " + escapePercent(bad.URL) + ": " + escapePercent(problem.en),
		"已发布，但从 " + escapePercent(bad.URL) + " 看不到：" + escapePercent(problem.zh)})
	if r.Done {
		f.what = text{"nothing to publish, but phones cannot see it: " + escapePercent(problem.en), "无需发布，但手机看不到：" + escapePercent(problem.zh)}
	}
	f.facts = map[string]any{"url": bad.URL, "problem": bad.Problem}
	viewHint(f, *bad)
	return f.hint(text{"look again: wgtup status -c %s", "再看一次：wgtup status -c %s"}, p.Channel)
}

// viewText says why a URL does not show an entry.
func viewText(v publish.View) text {
	switch v.Problem {
	case publish.NoMetadata:
		return text{v.Problem, "release.json 没有带上元数据"}
	case publish.EntryBehind:
		return text{"it still shows entry " + entryName(v.Seen), "仍显示第 " + entryName(v.Seen) + " 条记录"}
	case publish.OtherEntry:
		return text{v.Problem, "发布记录的内容不对"}
	case publish.LatestBehind:
		return text{"latest.wgt is still of entry " + entryName(v.Seen), "latest.wgt 仍属于第 " + entryName(v.Seen) + " 条记录"}
	case publish.OtherLatest:
		return text{v.Problem, "latest.wgt 不是最新的全量发布包"}
	}
	return text{v.Problem, v.Problem}
}

// viewHint says where to look.
func viewHint(f *failure, v publish.View) {
	var e *public.Error
	switch {
	case v.Problem == publish.NoMetadata:
		f.hint(text{"let the CDN pass the headers called *-meta-*", "请让 CDN 透传名为 *-meta-* 的响应头"})
	case v.Err == nil:
		f.hint(text{"a CDN keeps release.json: let it follow the origin's Cache-Control: no-cache", "CDN 缓存了 release.json：请让它遵循源站的 Cache-Control: no-cache"})
	case errors.As(v.Err, &e):
		siteHint(f, e)
	}
}

// siteHint is for an answer through the public URL that is not as it should be.
func siteHint(f *failure, e *public.Error) *failure {
	switch e.Status {
	case 0:
		return f.hint(text{"is public-url right, the domain bound, the CDN running? curl -I %s", "public-url 对吗？域名绑定了吗？CDN 正常吗？curl -I %s"}, e.URL)
	case 401, 403:
		return f.hint(text{"the prefix is not public-read: set the bucket policy or ACL, and turn \"block public access\" off", "前缀不是公共读：请设置桶策略或 ACL，并关闭“阻止公共访问”"})
	case 404:
		return f.hint(text{"is public-url the URL of the same prefix as store?", "public-url 与 store 指的是同一个前缀吗？"})
	}
	return f.hint(text{"curl -I %s", "curl -I %s"}, e.URL)
}
