package main

import (
	"context"

	"github.com/spf13/cobra"

	"wgtup/internal/publish"
)

func verifyCommand(ui *ui) *cobra.Command {
	var channel string
	c := &cobra.Command{
		Use:   "verify",
		Short: ui.t(text{"audit the bucket as a stranger would: signatures, digests, chain, copies", "以第三方身份审计存储桶：签名、摘要、记录链、副本"}),
		Args:  takes(0, 0),
		RunE:  func(c *cobra.Command, _ []string) error { return ui.verify(c.Context(), channel) },
	}
	ui.channelFlag(c, &channel)
	return c
}

var flawWords = map[string]text{
	"entry":             {"the newest entry does not verify", "最新记录校验不通过"},
	"statements":        {"old apps could not follow the key statements", "旧的安装包无法沿密钥声明走到现在"},
	"chain":             {"the journal is broken", "journal 记录链断裂"},
	"document":          {"release.json does not follow the journal", "release.json 没有跟上 journal"},
	"document-metadata": {"release.json has other metadata", "release.json 的元数据不对"},
	"latest":            {"latest.wgt is wrong", "latest.wgt 不对"},
	"package":           {"a package is missing or changed", "有包缺失或被改动"},
	"patch":             {"a patch is missing or changed: phones take the package", "有补丁缺失或被改动：手机会改用完整的包"},
	"public":            {"not visible through the public URL", "公网地址看不到"},
	"writable":          {"strangers may change the bucket", "陌生人可以改动存储桶"},
	"mirror":            {"a mirror does not follow", "有镜像没有跟上"},
	"expires":           {"the document expires soon", "文档即将过期"},
}

func (u *ui) verify(ctx context.Context, channel string) error {
	p, err := u.publisher(ctx, channel, false)
	if err != nil {
		return err
	}
	a, err := p.Audit(ctx)
	if err != nil {
		return err
	}
	if a.Entries == 0 && len(a.Flaws) == 0 {
		return &publish.Refusal{Code: publish.NoChannel, Facts: map[string]string{"channel": p.Channel}}
	}
	for _, f := range a.Flaws {
		u.say(text{"✗ %s: %s", "✗ %s：%s"}, u.t(flawWords[f.Code]), f.Detail)
		u.say(text{"    %s", "    %s"}, f.Key)
		if f.Mirror != "" {
			u.say(text{"    in mirror %s", "    在镜像 %s"}, f.Mirror)
		}
	}
	u.say(text{"looked at %d entries, %d packages and %d patches (%s)", "检查了 %d 条记录、%d 个包和 %d 个补丁（%s）"}, a.Entries, a.Packages, a.Patches, bytesText(a.Bytes))
	if err := u.print(a); err != nil {
		return err
	}
	if len(a.Flaws) == 0 {
		u.say(text{"everything verifies", "全部校验通过"})
		return nil
	}
	return flawHints(a.Flaws, p.Channel, fault(exitRefused, "flaws", text{"channel %s has %d flaws", "渠道 %s 有 %d 处问题"}, p.Channel, len(a.Flaws)))
}

// flawHints say what to do about each kind of flaw, once.
func flawHints(flaws []publish.Flaw, channel string, f *failure) *failure {
	found := map[string]bool{}
	for _, one := range flaws {
		found[one.Code] = true
	}
	if found["document"] || found["document-metadata"] || found["latest"] {
		f.hint(text{"wgtup repair -c %s writes release.json and latest.wgt again", "wgtup repair -c %s 会重写 release.json 和 latest.wgt"}, channel)
	}
	if found["mirror"] {
		f.hint(text{"wgtup repair -c %s brings mirrors up, unless one is ahead or has another journal", "wgtup repair -c %s 会让镜像跟上，除非镜像更新或记录不同"}, channel)
	}
	if found["package"] {
		f.hint(text{"phones refuse what is not signed; stop offers with wgtup rollback -c %s, delete that object, and change the storage key if nobody of you did this",
			"手机会拒绝未签名的内容；请用 wgtup rollback -c %s 停止推送，删除该对象；如果不是你们自己改的，请更换存储密钥"}, channel)
	}
	if found["patch"] {
		f.hint(text{"publish the next version: its patches are made anew", "请发布下一个版本：补丁会重新生成"})
	}
	if found["entry"] || found["chain"] {
		f.hint(text{"somebody wrote to the journal: change the storage key, and put the entries back from the public URL or a backup",
			"有人写过 journal：请更换存储密钥，并从公网地址或备份放回记录"})
	}
	if found["statements"] {
		f.hint(text{"the next entry carries those of wgtup.keys again: wgtup renew -c %s; then change the storage key", "下一条记录会重新带上 wgtup.keys 里的声明：wgtup renew -c %s；然后更换存储密钥"}, channel)
	}
	if found["public"] {
		f.hint(text{"is the prefix public-read, the CDN running? wgtup status -c %s looks again", "前缀是公共读吗？CDN 正常吗？可用 wgtup status -c %s 再看"}, channel)
	}
	if found["writable"] {
		f.hint(text{"make the bucket public-read, never public-read-write; wgtup doctor says how", "存储桶应为公共读，绝不能是公共读写；wgtup doctor 会说明怎样设置"})
	}
	if found["expires"] {
		f.hint(text{"wgtup renew -c %s", "wgtup renew -c %s"}, channel)
	}
	return f
}
