package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"wgtup/internal/config"
	"wgtup/internal/publish"
	"wgtup/internal/store"
)

// storeFlags are those of every command that writes a store.
func (u *ui) storeFlags(c *cobra.Command) {
	c.Flags().BoolVar(&u.singleWriter, "single-writer", false, u.t(text{"go on although the store cannot write create-only: nobody else may publish meanwhile", "存储不支持“禁止覆盖”也继续：期间不能有别人在发布"}))
	c.Flags().BoolVar(&u.allMirrors, "all-mirrors", false, u.t(text{"publish nothing while a mirror cannot take it", "有镜像无法接收时不发布"}))
}

// mirrors opens those of the configuration.
func (u *ui) mirrors(ctx context.Context, c *config.Config, p *publish.Publisher) error {
	p.AllMirrors, p.SingleWriter = u.allMirrors, u.singleWriter
	known := map[string]bool{p.Store.Properties().ID: true}
	for _, m := range c.Mirrors {
		s, err := store.Open(ctx, m.Store, u.env)
		if err != nil {
			return err
		}
		if id := s.Properties().ID; known[id] {
			return usage(text{"mirror %s is a store that wgtup.yaml names already", "镜像 %s 与 wgtup.yaml 里已有的存储相同"}, m.Store).
				hint(text{"a mirror is another bucket, or another prefix", "镜像应是另一个存储桶，或另一个前缀"})
		} else {
			known[id] = true
		}
		sites, err := sites(ctx, m.PublicURL)
		if err != nil {
			return err
		}
		p.Mirrors = append(p.Mirrors, publish.Mirror{Name: m.Store, Store: s, Sites: sites})
	}
	return nil
}

// mirrorJSON is a mirror in the JSON of every command.
type mirrorJSON struct {
	Store    string           `json:"store"`
	Standing publish.Standing `json:"standing"`
	Epoch    int64            `json:"epoch"`
	Sequence int64            `json:"sequence"`
	Carried  int              `json:"carried"` // entries it received now
	Problem  string           `json:"problem"`
	Views    []viewJSON       `json:"views"`
}

func mirrorsJSON(all []publish.Mirrored) []mirrorJSON {
	out := []mirrorJSON{}
	for _, m := range all {
		problem := ""
		if m.Err != nil {
			problem = m.Err.Error()
		}
		out = append(out, mirrorJSON{m.Name, m.Standing, m.Position.Epoch, m.Position.Sequence, m.Carried, problem, viewsJSON(m.Views)})
	}
	return out
}

func (u *ui) sayMirrors(all []publish.Mirrored) {
	for _, m := range all {
		if m.Err == nil {
			u.say(text{"  mirror %s follows", "  镜像 %s 已跟上"}, m.Name)
		}
	}
}

// warnMirrors tells what does not follow, which stops nothing.
func (u *ui) warnMirrors(p *publish.Publisher, all []publish.Mirrored) {
	for _, m := range all {
		if m.Err != nil {
			f := mirrorFault(exitStore, p.Channel, m.Name, m.Standing, m.Err)
			u.warn(f.what, f.args...)
			for _, h := range f.hints {
				u.note(text{"hint: %s", "提示：%s"}, u.t(h))
			}
		}
		for _, v := range m.Views {
			if !v.Visible {
				u.warn(text{"not visible at %s: %s", "%s 不可见：%s"}, v.URL, u.t(viewText(v)))
			}
		}
	}
}

// reason is the sentence for an error, without hints.
func (u *ui) reason(err error) string {
	f := explain(err)
	return fmt.Sprintf(u.t(f.what), f.args...)
}

// mirrorsBehind is the failure of a command that all mirrors should follow.
func mirrorsBehind(p *publish.Publisher, all []publish.Mirrored, exit int) error {
	for _, m := range all {
		if m.Err != nil {
			return mirrorFault(exit, p.Channel, m.Name, m.Standing, m.Err)
		}
	}
	return nil
}

// mirrorFault is about a mirror that does not follow, and the way out.
func mirrorFault(exit int, channel, name string, standing publish.Standing, err error) *failure {
	inner := explain(err)
	why := text{fmt.Sprintf(inner.what.en, inner.args...), fmt.Sprintf(inner.what.zh, inner.args...)}
	switch standing {
	case publish.Ahead:
		why = text{"it has newer entries than this store, and was left alone", "它的记录比这个存储还新，没有改动它"}
	case publish.Differs:
		why = text{"it has another journal, and was left alone", "它的记录与这里不同，没有改动它"}
	}
	f := fault(exit, "mirror-behind", text{"mirror %s does not follow: " + escapePercent(why.en), "镜像 %s 没有跟上：" + escapePercent(why.zh)}, name)
	f.facts = map[string]any{"mirror": name, "standing": standing}
	switch standing {
	case publish.Ahead:
		return f.hint(text{"was this store restored from a backup, or is it not the home? put the missing journal entries back from the mirror first", "这个存储是不是从备份恢复过，或者不是 home？请先从镜像把缺少的 journal 记录放回来"})
	case publish.Differs:
		return f.hint(text{"give it an empty prefix, then: wgtup repair -c %s", "请给它一个空的前缀，然后执行：wgtup repair -c %s"}, channel)
	}
	f.hints = append(f.hints, inner.hints...)
	return f.hint(text{"wgtup repair -c %s brings it up", "wgtup repair -c %s 会让它跟上"}, channel)
}

// mirrorWords are for a mirror that publishing had to wait for.
func mirrorWords(err error) *failure {
	var m *publish.MirrorError
	if !errors.As(err, &m) {
		return nil
	}
	return mirrorFault(exitStore, m.Channel, m.Name, m.Standing, m.Err).
		hint(text{"nothing was published; without --all-mirrors the others get it", "没有发布任何内容；不加 --all-mirrors 则其余照常发布"})
}
