package main

import (
	"context"

	"github.com/spf13/cobra"
)

func verifyCommand(ui *ui) *cobra.Command {
	var channel string
	c := &cobra.Command{
		Use:   "verify",
		Short: ui.t(text{"audit the bucket as a stranger would: signatures, digests, chain, copies", "像陌生人一样审计存储桶：签名、摘要、记录链、副本"}),
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return ui.verify(c.Context(), channel) },
	}
	ui.channelFlag(c, &channel)
	return c
}

var flawWords = map[string]text{
	"entry":             {"the newest entry does not verify", "最新记录校验不通过"},
	"chain":             {"the journal is broken", "journal 记录链断裂"},
	"document":          {"release.json does not follow the journal", "release.json 没有跟上 journal"},
	"document-metadata": {"release.json has other metadata", "release.json 的元数据不对"},
	"latest":            {"latest.wgt is wrong", "latest.wgt 不对"},
	"package":           {"a package is missing or changed", "有包缺失或被改动"},
	"public":            {"not visible through the public URL", "公网地址看不到"},
	"expires":           {"the document expires soon", "文档即将过期"},
}

func (u *ui) verify(ctx context.Context, channel string) error {
	p, err := u.publisher(ctx, channel, false)
	if err != nil {
		return err
	}
	a, err := p.Audit(ctx)
	u.clearProgress()
	if err != nil {
		return err
	}
	for _, f := range a.Flaws {
		u.say(text{"✗ %s: %s (%s)", "✗ %s：%s（%s）"}, u.t(flawWords[f.Code]), f.Key, f.Detail)
	}
	u.say(text{"looked at %d entries and %d packages (%s)", "检查了 %d 条记录和 %d 个包（%s）"}, a.Entries, a.Packages, bytesText(a.Bytes))
	if err := u.print(a); err != nil {
		return err
	}
	if len(a.Flaws) == 0 {
		u.say(text{"everything verifies", "全部校验通过"})
		return nil
	}
	return fault(exitRefused, "flaws", text{"%d flaws found on channel %s", "渠道 %[2]s 发现 %[1]d 处问题"}, len(a.Flaws), p.Channel).
		hint(text{"copies that are behind: wgtup repair; anything else: somebody wrote to this bucket, change the storage key",
			"副本落后：wgtup repair；其他情况：有人写过这个存储桶，请更换存储密钥"})
}
