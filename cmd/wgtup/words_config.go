package main

import (
	"errors"
	"strings"

	"wgtup/internal/config"
	"wgtup/sign"
)

// configWords are for wgtup.yaml, the environment and keys.
func configWords(err error) *failure {
	var e *config.Error
	if errors.As(err, &e) {
		words := configSentences[e.Code]
		f := fault(exitUsage, "config", text{"%s: " + words[0].en, "%s：" + words[0].zh}, e.Place())
		if strings.Contains(words[0].en, "%") {
			f.args = append(f.args, e.Detail)
		}
		f.facts = map[string]any{"file": e.Where, "line": e.Line, "kind": e.Code}
		return f.hint(words[1])
	}
	if errors.Is(err, sign.ErrRefused) {
		return fault(exitRefused, "signature", text{"the signing key cannot sign for this channel: %v", "签名密钥不能为这个渠道签名：%v"}, err).
			hint(text{"wgtup keys show lists the keys and their channels", "wgtup keys show 会列出密钥和它们的渠道"})
	}
	return nil
}

var yamlNames = strings.Join(config.Names, ", ")

// configSentences has what is wrong, and the hint.
var configSentences = map[config.Code][2]text{
	config.NoFile:     {{"no such file", "文件不存在"}, {"wgtup init makes wgtup.yaml", "wgtup init 会生成 wgtup.yaml"}},
	config.Syntax:     {{"this is no YAML: %s", "不是 YAML：%s"}, {"one \"name: value\" a line", "每行一个 \"名称: 值\""}},
	config.Tab:        {{"a tab; YAML is indented by spaces", "有制表符；YAML 只能用空格缩进"}, {"replace it by two spaces", "请换成两个空格"}},
	config.Unknown:    {{"unknown name %q", "未知的名称 %q"}, {"it may be " + yamlNames, "可用的有 " + yamlNames}},
	config.Twice:      {{"the same name once more", "名称重复"}, {"keep one of them", "请只保留一个"}},
	config.Kind:       {{"another kind of value is expected here", "这里应是另一种值"}, {"keys and mirrors are lists, public-url a text or a list, the others are texts", "keys 和 mirrors 是列表，public-url 是文本或列表，其余都是文本"}},
	config.BadApp:     {{"%q is no appid", "%q 不是 appid"}, {"write it as in manifest.json: __UNI__…", "与 manifest.json 里的一致：__UNI__…"}},
	config.BadChannel: {{"%q is no channel name", "%q 不是渠道名"}, {"lower-case letters, digits and -, such as production", "只能用小写字母、数字和 -，例如 production"}},
	config.BadURL:     {{"%q is no public URL", "%q 不是公网地址"}, {"it begins with https:// or http://", "应以 https:// 或 http:// 开头"}},
	config.BadKey:     {{"no usable public key: %s", "公钥不可用：%s"}, {"write the two lines that wgtup init or wgtup keys new printed", "请写 wgtup init 或 wgtup keys new 打印的那两行"}},
	config.BadChain:   {{"this is not how the keys came about: %s", "密钥的沿革不对：%s"}, {"put wgtup.yaml and wgtup.keys back from git, both of one commit", "请从 git 恢复 wgtup.yaml 和 wgtup.keys，两者取自同一个提交"}},
	config.NoMirror:   {{"a mirror without a store", "镜像没有写 store"}, {"each item of mirrors has store, and public-url where phones can read it", "mirrors 的每一项要有 store，手机能访问时再写 public-url"}},
	config.SecretHere: {{"a secret key stands in this file, so it is no longer secret", "这个文件里写了私钥，它已不再保密"},
		{"remove it, make new keys with wgtup keys new --dir FOLDER; a secret belongs into WGTUP_SIGNING_KEY or .wgtup/", "请删除它，并用 wgtup keys new --dir 目录 生成新密钥；私钥应放在 WGTUP_SIGNING_KEY 或 .wgtup/ 里"}},
}
