package main

import (
	"context"
	"errors"
	"net"
	"strings"

	"wgtup/internal/store"
)

// diskWords are for a disk without room: that of a dir: store, else that of the
// temporary files.
func diskWords(err error) *failure {
	if !errors.Is(err, diskFull) {
		return nil
	}
	var e *store.Error
	if errors.As(err, &e) {
		return fault(exitStore, "disk-full", text{"the disk of the store is full", "存储所在的磁盘已满"}).
			hint(text{"make room, then run the command again; wgtup prune shows what is not needed any more", "请腾出空间后重新执行；wgtup prune 会列出不再需要的包"})
	}
	return fault(exitUnexpected, "disk-full", text{"the disk is full: %v", "磁盘已满：%v"}, err).
		hint(text{"make room, or let TMPDIR (on Windows TEMP) name a folder on another disk; then run the command again", "请腾出空间，或让 TMPDIR（Windows 上为 TEMP）指向其他磁盘上的目录，然后重新执行"})
}

// storeWords are for what a storage service refuses.
func storeWords(err error) *failure {
	var u *store.URLError
	if errors.As(err, &u) {
		return usage(text{"bad store URL: %v", "存储地址有误：%v"}, u).
			hint(text{"--store dir:PATH, 'oss://bucket/prefix?region=cn-hangzhou', 'cos://bucket-125…/prefix?region=ap-guangzhou', 'bos://bucket/prefix?region=bj' or 's3://bucket/prefix?endpoint=https://…&region=…'",
				"--store dir:路径、'oss://bucket/prefix?region=cn-hangzhou'、'cos://bucket-125…/prefix?region=ap-guangzhou'、'bos://bucket/prefix?region=bj' 或 's3://bucket/prefix?endpoint=https://…&region=…'"})
	}
	var e *store.Error
	if !errors.As(err, &e) {
		return nil
	}
	if errors.Is(err, context.Canceled) {
		return interrupted
	}
	var network *net.OpError
	if e.Status == 0 && errors.As(err, &network) {
		return fault(exitStore, "store-unreachable", text{"the store cannot be reached: %v", "无法连接存储：%v"}, network).
			hint(text{"check the network, and endpoint and region in the store URL; then run the command again, it continues where it stopped",
				"请检查网络以及存储地址里的 endpoint 和 region，然后重新执行，它会接着做完"})
	}
	f := fault(exitStore, "store", text{"the store refused or did not answer: %v", "存储拒绝或没有响应：%v"}, e)
	if e.Code != "" {
		f.facts = map[string]any{"code": e.Code, "status": e.Status}
	}
	if e.Status == 400 && strings.Contains(e.Error(), "signing region") { // OSS has no code of its own for it
		return f.hint(wrongRegion)
	}
	keys := keyVariables(e.Scheme)
	if hint, ok := storeCodes[e.Code]; ok {
		if e.Code == "NoCredentials" {
			f.what, f.args = text{"no access key for the store", "没有存储的访问密钥"}, nil
		}
		if strings.Contains(hint.en, "%s") {
			return f.hint(hint, keys)
		}
		return f.hint(hint)
	}
	switch {
	case errors.Is(err, store.ErrNotFound) && strings.Contains(e.Key, "/journal/"):
		return f.hint(text{"an entry of the journal is lost: wgtup repair puts it back if release.json is its copy; otherwise restore it from the public URL or a backup",
			"journal 丢了一条记录：如果 release.json 是它的副本，wgtup repair 会放回去；否则请从公网地址或备份恢复"})
	case errors.Is(err, store.ErrDenied):
		return f.hint(text{"is it the right key (%s)? it needs get and put on the prefix", "密钥（%s）对吗？它需要对该前缀的读和写"}, keys)
	case errors.Is(err, store.ErrUnknown):
		return f.hint(text{"nobody knows whether it was written: run the command again, it continues where it stopped", "无法确定是否已写入：重新执行即可，它会接着做完"})
	case errors.Is(err, store.ErrUnavailable):
		return f.hint(text{"check the network and the endpoint, then run the command again", "请检查网络和 endpoint，然后重新执行"})
	}
	return f
}

// keyVariables are the environment variables of a store's access key.
func keyVariables(scheme string) string {
	switch scheme {
	case "oss":
		return "OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET"
	case "cos":
		return "TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY"
	case "bos":
		return "BCE_ACCESS_KEY_ID, BCE_SECRET_ACCESS_KEY"
	}
	return "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY"
}

var (
	wrongKey     = text{"the access key id is wrong, or the token of a temporary key: %s", "访问密钥 ID 不对，或临时密钥的 token 不对：%s"}
	wrongSecret  = text{"the secret key is wrong, or this machine's clock is", "密钥不对，或本机时间不准"}
	wrongClock   = text{"set this machine's clock right", "请校准本机时间"}
	expiredToken = text{"the temporary key has expired or its token is wrong: get a new one (%s and the token)", "临时密钥已过期或 token 不对：请重新获取（%s 和 token）"}
)

var wrongRegion = text{"check the region in the store URL: it is that of the bucket", "请检查存储地址里的地域：应是存储桶所在的地域"}

// storeCodes are hints for what services say.
var storeCodes = map[string]text{
	"NoCredentials":         {"set %s, or use a profile; docs/guide/config.md lists both", "请设置 %s，或使用配置文件；见 docs/guide/config.md"},
	"NoSuchBucket":          {"check the bucket name and region in the store URL, or create the bucket", "请检查存储地址里的桶名和地域，或先创建存储桶"},
	"SignatureDoesNotMatch": wrongSecret,
	"InvalidAccessKeyId":    wrongKey,
	"RequestTimeTooSkewed":  wrongClock,
	"RequestExpired":        wrongClock,

	"AuthorizationHeaderMalformed": wrongRegion,
	"PermanentRedirect":            wrongRegion,

	"MetadataTooLarge": {"the store keeps less metadata with an object than any release may need; use another, or none in between", "存储保存的元数据太少，不够发布使用：请换一个存储，或去掉中间的网关"},

	"SecurityTokenExpired": expiredToken,
	"InvalidSecurityToken": expiredToken,
	"InvalidSessionToken":  expiredToken,
	"ExpiredToken":         expiredToken,
	"InvalidToken":         expiredToken,
	"Certificate":          {"is the endpoint's name right? a proxy that opens TLS needs its certificate installed on this machine", "endpoint 的域名对吗？如果有代理解密 TLS，请在本机安装它的证书"},
	"PublicEndpointForbidden": {"Alibaba has closed the default domain to new accounts: bind a domain of your own to the bucket, then ?cname=true&endpoint=https://that.domain",
		"阿里云不再允许新账号使用默认域名：请给存储桶绑定自有域名，然后用 ?cname=true&endpoint=https://该域名"},
	"PathStyleDomainForbidden": {"write the bucket's own domain as the endpoint and leave path_style out", "请把存储桶自己的域名写成 endpoint，并去掉 path_style"},
}
