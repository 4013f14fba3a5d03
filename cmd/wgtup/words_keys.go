package main

import "wgtup/internal/publish"

func keysBehind(r *publish.Refusal) *failure {
	return refused(text{"channel %s stands at entry %s, under older keys than those of wgtup.yaml (epoch %s)", "渠道 %s 停在第 %s 条记录，所用密钥比 wgtup.yaml 里的旧（第 %s 代）"},
		r.Facts["channel"], r.Facts["entry"], r.Facts["epoch"]).
		hint(text{"after a replacement of keys, once for each channel: wgtup keys adopt -c %s", "替换密钥后，每个渠道执行一次：wgtup keys adopt -c %s"}, r.Facts["channel"]).
		hint(text{"if that was done before, entries are missing from the bucket: put them back from a backup", "如果以前执行过，说明存储桶里缺了记录：请从备份放回"})
}

func noKeyChain(r *publish.Refusal) *failure {
	return refused(text{"wgtup.keys is missing: the keys were replaced %s times, and apps with the first ones need to be told how", "缺少 wgtup.keys：密钥已替换过 %s 次，带有最初公钥的应用需要知道是怎样替换的"}, r.Facts["epoch"]).
		hint(text{"put it back beside wgtup.yaml from git; it is public", "请从 git 把它放回 wgtup.yaml 旁边；它是公开的"})
}

func unknownEntry(r *publish.Refusal) *failure {
	return refused(text{"there is no entry %s to go on from", "没有第 %s 条记录可以接续"}, r.Facts["entry"]).
		hint(text{"wgtup history -c %s --limit 0, with the wgtup.yaml from before, lists them", "用之前的 wgtup.yaml 执行 wgtup history -c %s --limit 0 可以列出它们"}, r.Facts["channel"])
}

func planVoid(r *publish.Refusal) *failure {
	return refused(text{"the plan is void: it is for entry %s, but the channel stands at %s by now", "计划已作废：它是第 %s 条记录，而渠道已到 %s"}, r.Facts["planned"], r.Facts["position"]).
		hint(text{"look at what changed, then plan and sign again: wgtup history -c %s", "请查看变化后重新做计划并签名：wgtup history -c %s"}, r.Facts["channel"])
}
