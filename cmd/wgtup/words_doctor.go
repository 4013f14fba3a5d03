package main

import "wgtup/internal/doctor"

// doctorText is what a finding means: what is wrong, what users suffer, and what
// to do about it. KEYS in a fix are the variables of the store's key.
type doctorText struct {
	what, suffer, fix text
	by                map[string]text // other fixes by the store's scheme
}

func (d doctorText) remedy(scheme string) text {
	if f, ok := d.by[scheme]; ok {
		return f
	}
	return d.fix
}

var (
	cannotPublish = text{"nobody can publish", "无法发布"}
	noUpdates     = text{"phones get no updates", "手机收不到更新"}
)

// doctorWords has the words for every finding of package doctor.
var doctorWords = map[doctor.Code]doctorText{
	// The key and the way to the bucket.
	doctor.NoKey: {what: text{"there is no access key", "没有访问密钥"}, suffer: cannotPublish,
		fix: text{"set KEYS; in CI as secret variables", "请设置 KEYS；在 CI 里设为加密变量"}},
	doctor.WrongKey: {what: text{"the service does not know the access key id", "服务端不认识这个访问密钥 ID"}, suffer: cannotPublish,
		fix: text{"set KEYS to a key of the account that owns the bucket", "请把 KEYS 设为存储桶所属账号的密钥"}},
	doctor.WrongSecret: {what: text{"the secret does not belong to the key", "密钥内容与密钥 ID 不符"}, suffer: cannotPublish,
		fix: text{"copy KEYS once more, without blanks or a line break at the end", "请重新复制 KEYS，注意末尾不要有空格或换行"}},
	doctor.ExpiredToken: {what: text{"the temporary key has expired, or its token is another key's", "临时密钥已过期，或 token 不匹配"}, suffer: cannotPublish,
		fix: text{"get a new temporary key just before publishing; KEYS and the token belong together", "请在发布前重新获取临时密钥；KEYS 和 token 必须配套"}},
	doctor.Clock: {what: text{"this machine's clock and the service's differ", "本机时间与服务端不一致"}, suffer: text{"from 15 minutes on every request is refused", "相差 15 分钟以上时所有请求都会被拒绝"},
		fix: text{"let the machine set its clock by NTP: timedatectl set-ntp true", "请开启自动校时：timedatectl set-ntp true"}},
	doctor.Unreachable: {what: text{"the store cannot be reached", "无法连接存储"}, suffer: cannotPublish,
		fix: text{"check network, proxy (HTTPS_PROXY) and the endpoint in the store URL; internal endpoints answer only inside the cloud", "请检查网络、代理（HTTPS_PROXY）和存储地址里的 endpoint；内网 endpoint 只能在云内访问"}},
	doctor.StoreCert: {what: text{"the certificate of the endpoint is not valid", "endpoint 的证书无效"}, suffer: cannotPublish,
		fix: text{"write the endpoint as its certificate names it; behind a proxy that opens TLS install its certificate", "endpoint 的域名要与证书一致；如果有代理解密 TLS，请安装它的证书"}},
	doctor.StoreClear: {what: text{"the endpoint is http: requests can be read and changed on the way", "endpoint 是 http：请求可能在途中被偷看或篡改"}, suffer: text{"whoever listens sees what is published before it is public; signatures still protect phones", "监听者能提前看到要发布的内容；手机仍受签名保护"},
		fix: text{"write endpoint=https://… into the store URL", "请在存储地址里写 endpoint=https://…"}},
	doctor.NoBucket: {what: text{"there is no such bucket", "存储桶不存在"}, suffer: cannotPublish,
		fix: text{"check name and region in the store URL, or create the bucket in the console", "请检查存储地址里的桶名和地域，或在控制台创建存储桶"}},
	doctor.WrongRegion: {what: text{"the bucket is in another region", "存储桶在别的地域"}, suffer: cannotPublish,
		fix: text{"the console shows the bucket's region: write it as region=… into the store URL", "控制台会显示存储桶的地域，请写成存储地址里的 region=…"}},
	doctor.EndpointClosed: {what: text{"the vendor has closed its default domain to this account", "厂商不再允许该账号使用默认域名"}, suffer: text{"nobody can publish, and phones get no updates", "无法发布，手机也收不到更新"},
		fix: text{"bind a domain of yours to the bucket (console: bucket, domain names; in mainland China it needs an ICP filing), then cname=true&endpoint=https://that.domain, and the same as public-url",
			"请给存储桶绑定自有域名（控制台：存储桶 → 域名管理；大陆地域需要备案），再写 cname=true&endpoint=https://该域名，public-url 也用它"}},
	doctor.PathStyle: {what: text{"buckets of today refuse the bucket's name in the path", "新存储桶不再支持路径形式的访问"}, suffer: cannotPublish,
		fix: text{"leave path_style out of the store URL", "请从存储地址里去掉 path_style"}},
	doctor.Busy: {what: text{"the store is overloaded or in trouble", "存储繁忙或故障"}, suffer: text{"publishing may fail; phones go on with what they have", "发布可能失败；手机继续用已有版本"},
		fix: text{"try again in some minutes; look at the vendor's status page", "请几分钟后重试，并查看厂商的状态页"}},
	doctor.StoreFailed: {what: text{"the store refuses for a reason that wgtup does not know", "存储因未知原因拒绝"}, suffer: cannotPublish,
		fix: text{"look the code up in the vendor's error list", "请在厂商的错误码文档里查这个代码"}},
	doctor.ReadDenied: {what: text{"the key may not read objects", "该密钥没有读权限"}, suffer: cannotPublish,
		fix: text{"give the key s3:GetObject on the prefix", "请授予该前缀的 s3:GetObject"},
		by: map[string]text{"oss": {"RAM console: give the user oss:GetObject on acs:oss:*:*:BUCKET/PREFIX/*", "RAM 控制台：授予 oss:GetObject，资源 acs:oss:*:*:桶/前缀/*"},
			"cos": {"CAM console: give the user name/cos:GetObject and name/cos:HeadObject on the prefix", "CAM 控制台：授予该前缀的 name/cos:GetObject 和 name/cos:HeadObject"},
			"bos": {"IAM console: give the user READ on BUCKET/PREFIX/*", "IAM 控制台：授予 桶/前缀/* 的 READ"}}},
	doctor.WriteDenied: {what: text{"the key may not write objects", "该密钥没有写权限"}, suffer: cannotPublish,
		fix: text{"give the key s3:PutObject on the prefix", "请授予该前缀的 s3:PutObject"},
		by: map[string]text{"oss": {"RAM console: give the user oss:PutObject on acs:oss:*:*:BUCKET/PREFIX/*", "RAM 控制台：授予 oss:PutObject，资源 acs:oss:*:*:桶/前缀/*"},
			"cos": {"CAM console: give the user name/cos:PutObject on the prefix", "CAM 控制台：授予该前缀的 name/cos:PutObject"},
			"bos": {"IAM console: give the user WRITE on BUCKET/PREFIX/*", "IAM 控制台：授予 桶/前缀/* 的 WRITE"}}},
	doctor.ACLRefused: {what: text{"objects may be written, but not with a public ACL", "可以写对象，但不能设为公共读"}, suffer: cannotPublish,
		fix: text{"leave acl=object out of the store URL and make the prefix public by a bucket policy; or switch Block Public Access off and allow s3:PutObjectAcl", "请去掉存储地址里的 acl=object，改用桶策略公开该前缀；或关闭“阻止公共访问”并授予 s3:PutObjectAcl"},
		by:  map[string]text{"oss": {"OSS console: bucket, permissions, Block Public Access: off (it is on for new buckets, and may be on for the account too), and allow oss:PutObjectAcl; or leave acl=object out and write a bucket policy", "OSS 控制台：存储桶 → 权限控制 → 阻止公共访问：关闭（新桶默认开启，账号级也可能开启），并授予 oss:PutObjectAcl；或去掉 acl=object，改用 Bucket 授权策略"}}},
	doctor.MissingDenied: {what: text{"for an object that is not there the answer is 403, not 404", "对象不存在时返回 403 而不是 404"}, suffer: text{"the first publication to a channel fails: nobody knows whether the channel is empty", "渠道的首次发布会失败：无法判断渠道是否为空"},
		fix: text{"allow the key to list the bucket: s3:ListBucket", "请授予列举权限：s3:ListBucket"},
		by: map[string]text{"oss": {"RAM console: oss:ListObjects on acs:oss:*:*:BUCKET", "RAM 控制台：授予 oss:ListObjects，资源 acs:oss:*:*:桶"},
			"cos": {"CAM console: name/cos:GetBucket on the bucket", "CAM 控制台：授予该桶的 name/cos:GetBucket"}}},
	doctor.DeleteDenied: {what: text{"the key may not delete: what doctor wrote is still there", "该密钥不能删除：体检写入的对象还在"}, suffer: text{"nobody; a key for CI should not be able to delete", "没有影响；CI 的密钥本就不该能删除"},
		fix: text{"delete the objects by hand if they disturb you", "如果介意，请手工删除"}},
	doctor.UnfinishedParts: {what: text{"uploads were begun and never finished", "有上传开始了却没有完成"}, suffer: text{"nobody; their parts cost money", "没有影响；这些分片会产生费用"},
		fix: text{"wgtup prune shows them, wgtup prune --yes removes them", "wgtup prune 会列出，wgtup prune --yes 会删除"}},

	// What the bucket does to objects.
	doctor.Overwrites: {what: text{"the bucket overwrites although it is told not to", "要求“禁止覆盖”时存储桶仍然覆盖"}, suffer: text{"of two publishers at the same time one loses the release without knowing", "两人同时发布时，其中一个会不知不觉丢失"},
		fix: text{"switch versioning off if the store's documentation says so; else publish with --single-writer, from one place only", "如果厂商文档说明与版本控制有关，请关闭版本控制；否则加 --single-writer，并只在一处发布"},
		by:  map[string]text{"oss": {"OSS console: bucket, data protection, versioning: a bucket that ever had it on or suspended cannot create only; make a new bucket and leave it off", "OSS 控制台：存储桶 → 数据安全 → 版本控制：开启或暂停过版本控制的桶无法禁止覆盖，请新建一个不开启的桶"}}},
	doctor.CreateFailed: {what: text{"writing without overwriting fails", "“禁止覆盖”的写入失败"}, suffer: cannotPublish,
		fix: text{"publish with --single-writer, from one place only", "请加 --single-writer，并只在一处发布"}},
	doctor.IgnoresIfMatch: {what: text{"the bucket ignores If-Match", "存储桶忽略 If-Match"}, suffer: text{"release.json may be one step behind until the next command when two publish at once", "两人同时发布时，release.json 可能落后一步，直到下一条命令"},
		fix: text{"run wgtup repair from a scheduled job", "请用定时任务执行 wgtup repair"}},
	doctor.MetadataLost: {what: text{"the bucket drops user metadata", "存储桶丢弃自定义元数据"}, suffer: text{"clients that only ask HEAD latest.wgt learn no version; wgtup-client reads release.json itself", "只用 HEAD latest.wgt 的客户端看不到版本；wgtup-client 会直接读 release.json"},
		fix: text{"a gateway in front of the bucket strips x-*-meta-* headers: let them through", "存储桶前的网关去掉了 x-*-meta-*，请放行"}},
	doctor.MetadataChanged: {what: text{"the bucket changes the values of user metadata", "存储桶改动自定义元数据的值"}, suffer: text{"clients of your own compare something else than was published", "自写的客户端比较到的值与发布的不同"},
		fix: text{"compare version-code only, which is a number", "请只比较 version-code，它是数字"}},
	doctor.TypeChanged: {what: text{"the bucket changes the content type", "存储桶改动 Content-Type"}, suffer: text{"some downloaders and CDNs treat packages as something else", "部分下载器和 CDN 会误判类型"},
		fix: text{"switch off what guesses types in front of the bucket", "请关闭自动识别类型的功能"}},
	doctor.CachingLost: {what: text{"the bucket drops Cache-Control", "存储桶丢弃 Cache-Control"}, suffer: text{"caches keep old releases for hours or days", "缓存会保留旧版本数小时或数天"},
		fix: text{"let Cache-Control through, or set it by a rule: no-cache for release.json and latest.wgt", "请放行 Cache-Control，或用规则设置：release.json 和 latest.wgt 为 no-cache"}},
	doctor.BodyChanged: {what: text{"what is read is not what was written", "读到的与写入的不同"}, suffer: text{"phones refuse what does not verify: no updates", "手机会拒绝校验不通过的内容：收不到更新"},
		fix: text{"switch off whatever transforms content on the way (compression, encryption, scanning)", "请关闭途中改动内容的功能（压缩、加密、扫描）"}},
	doctor.CopyFailed: {what: text{"the bucket cannot copy an object", "存储桶无法复制对象"}, suffer: text{"latest.wgt cannot be brought up to date", "latest.wgt 无法更新"},
		fix: text{"allow reading and writing the whole prefix; copies are a PUT that names a source", "请允许读写整个前缀；复制是带来源的 PUT"}},
	doctor.CopyBroken: {what: text{"a copy has other bytes or metadata than were asked for", "复制出来的内容或元数据不对"}, suffer: text{"clients that download latest.wgt get a broken or old package", "下载 latest.wgt 的客户端会得到损坏或旧的包"},
		fix: text{"this store does not keep to its protocol: use another", "该存储不符合协议，请换一个"}},

	// What stands between the bucket and the phones.
	doctor.NoPublicURL: {what: text{"no public URL is known", "没有配置公网地址"}, suffer: text{"wgtup cannot see what phones see", "wgtup 无法查看手机看到的内容"},
		fix: text{"write public-url: https://… into wgtup.yaml", "请在 wgtup.yaml 里写 public-url: https://…"}},
	doctor.PublicUnreachable: {what: text{"the public URL does not answer", "公网地址没有响应"}, suffer: noUpdates,
		fix: text{"check the name (DNS, CNAME), and that the CDN serves it", "请检查域名（DNS、CNAME），以及 CDN 是否已启用该域名"}},
	doctor.PublicCert: {what: text{"the certificate of the public URL is not valid", "公网地址的证书无效"}, suffer: noUpdates,
		fix: text{"install a certificate for that name, with the whole chain, at the CDN or the bucket's domain", "请在 CDN 或存储桶的域名上安装该域名的证书（含完整证书链）"}},
	doctor.CertExpires: {what: text{"the certificate of the public URL ends soon", "公网地址的证书即将到期"}, suffer: text{"on that day phones get no updates any more", "到期后手机收不到更新"},
		fix: text{"renew it, and let it renew itself", "请续期，并开启自动续期"}},
	doctor.PublicClear: {what: text{"the public URL is http", "公网地址是 http"}, suffer: text{"iOS refuses it, and newer Android too; whoever sits in between can hide updates", "iOS 和新版 Android 会拒绝；中间人可以隐藏更新"},
		fix: text{"serve the name over https and write public-url: https://…", "请启用 https，并写 public-url: https://…"}},
	doctor.PublicDenied: {what: text{"strangers may not read the bucket", "外部无法读取存储桶"}, suffer: noUpdates,
		fix: text{"make the prefix public: a bucket policy with s3:GetObject for everybody (docs/guide/config.md has one), and Block Public Access off", "请公开该前缀：给所有人 s3:GetObject 的桶策略（见 docs/guide/config.md），并关闭“阻止公共访问”"},
		by: map[string]text{
			"oss": {"OSS console: bucket, permissions: Block Public Access off (it is on for new buckets), then a bucket policy that lets everybody read PREFIX/*, or acl=object in the store URL", "OSS 控制台：存储桶 → 权限控制：关闭“阻止公共访问”（新桶默认开启），再用 Bucket 授权策略允许所有人读 前缀/*，或在存储地址里加 acl=object"},
			"cos": {"COS console: bucket, permissions, policy: everybody may GetObject and HeadObject on PREFIX/*; or acl=object in the store URL", "COS 控制台：存储桶 → 权限管理 → Policy：所有人可对 前缀/* GetObject、HeadObject；或在存储地址里加 acl=object"},
			"bos": {"BOS console: bucket, permissions: everybody READ on PREFIX/*; or acl=object in the store URL", "BOS 控制台：存储桶 → 权限设置：所有人对 前缀/* 有 READ；或在存储地址里加 acl=object"}}},
	doctor.PublicMissing: {what: text{"the public URL does not lead to this prefix", "公网地址指向的不是这个前缀"}, suffer: noUpdates,
		fix: text{"public-url is the URL of the store's prefix: with prefix my/app it usually ends in /my/app", "public-url 应指向存储的前缀：前缀为 my/app 时通常以 /my/app 结尾"}},
	doctor.PublicOther: {what: text{"the public URL shows something else than the bucket", "公网地址显示的不是存储桶里的内容"}, suffer: noUpdates,
		fix: text{"a web server answers every path, or a cache ignores the query: point the URL at the bucket", "可能是网站对所有路径都返回页面，或有缓存：请让该地址直接指向存储桶"}},
	doctor.PublicFailed: {what: text{"the public URL answers with an error", "公网地址返回错误"}, suffer: noUpdates,
		fix: text{"open it in a browser; at a CDN check origin and origin host", "请在浏览器里打开看看；使用 CDN 时检查回源地址和回源 HOST"}},
	doctor.HeadFailed: {what: text{"the public URL answers GET, but not HEAD", "公网地址支持 GET 但不支持 HEAD"}, suffer: text{"phones cannot ask cheaply: no updates", "手机无法廉价地询问：收不到更新"},
		fix: text{"allow the method HEAD at the CDN or firewall", "请在 CDN 或防火墙放行 HEAD 方法"}},
	doctor.Redirected: {what: text{"the public URL redirects", "公网地址会跳转"}, suffer: text{"every check takes two requests; some clients do not follow", "每次检查多一次请求；有的客户端不跟随跳转"},
		fix: text{"write the address it leads to as public-url, and build it into the app", "请把跳转后的地址写成 public-url 并编进应用"}},
	doctor.Downgraded: {what: text{"https redirects to http", "https 跳转到 http"}, suffer: text{"phones do not follow: no updates", "手机不会跟随：收不到更新"},
		fix: text{"switch off the redirect to http at the CDN; origin protocol: follow", "请在 CDN 关闭到 http 的跳转，回源协议设为“跟随”"}},
	doctor.DefaultDomain: {what: text{"phones use a default domain of the vendor", "手机使用的是厂商默认域名"}, suffer: text{"new rules of the vendor hit apps in the field: forced downloads, refused .apk, closed endpoints; and the app can never move to another vendor", "厂商的新规定会影响已发布的应用：强制下载、拒绝 .apk、停用域名；应用也无法换厂商"},
		fix: text{"bind a domain of yours to the bucket and build that one into the app", "请给存储桶绑定自有域名，并编进应用"}},
	doctor.ForcedDownload: {what: text{"everything is served as an attachment", "所有内容都以附件形式返回"}, suffer: text{"phones do not mind; a browser cannot show anything", "手机不受影响；浏览器无法直接查看"},
		fix: text{"bind a domain of yours; default domains do this", "请绑定自有域名；默认域名会这样"}},
	doctor.APKForbidden: {what: text{".apk files may not be downloaded from this domain", "该域名禁止下载 .apk"}, suffer: text{"full-package updates of Android fail; hot updates work", "Android 整包更新失败；热更新正常"},
		fix: text{"bind a domain of yours to the bucket and use it as public-url", "请给存储桶绑定自有域名并用作 public-url"}},
	doctor.PublicWrite: {what: text{"anybody may write into the bucket", "任何人都能写入存储桶"}, suffer: text{"strangers can delete releases and fill the bucket; phones still refuse unsigned code", "外人可以破坏发布、塞满存储桶；手机仍会拒绝未签名的代码"},
		fix: text{"change the ACL or policy from public-read-write to public-read at once", "请立即把权限从公共读写改为公共读"}},
	doctor.PublicList: {what: text{"anybody may list the bucket", "任何人都能列举存储桶"}, suffer: text{"strangers see every channel and package, also those for tests", "外人能看到所有渠道和包，包括测试用的"},
		fix: text{"grant strangers GetObject only, not ListObjects; with a bucket ACL of public-read use a policy instead", "只给外部 GetObject，不要给列举权限；桶 ACL 为公共读时请改用策略"}},
	doctor.NoRanges: {what: text{"the public URL ignores Range", "公网地址不支持 Range"}, suffer: text{"an interrupted download begins anew", "下载中断后要从头开始"},
		fix: text{"switch range requests on at the CDN", "请在 CDN 开启 Range 回源"}},
	doctor.NotModified: {what: text{"the public URL never answers 304", "公网地址从不返回 304"}, suffer: text{"some checks cost more bytes than needed", "部分检查会多用流量"},
		fix: text{"let If-None-Match and ETag through at the CDN", "请在 CDN 放行 If-None-Match 和 ETag"}},
	doctor.CDNMetadata: {what: text{"the CDN strips user metadata", "CDN 去掉了自定义元数据"}, suffer: text{"clients that only ask HEAD latest.wgt learn no version", "只用 HEAD latest.wgt 的客户端看不到版本"},
		fix: text{"let the headers x-*-meta-* through at the CDN; wgtup-client works without them", "请在 CDN 放行 x-*-meta-* 头；wgtup-client 不依赖它们"}},
	doctor.CDNType: {what: text{"the CDN changes the content type", "CDN 改动 Content-Type"}, suffer: text{"some downloaders treat packages as something else", "部分下载器会误判类型"},
		fix: text{"remove the CDN's rule for Content-Type", "请删除 CDN 的 Content-Type 规则"}},
	doctor.CDNCaching: {what: text{"the CDN changes Cache-Control", "CDN 改动 Cache-Control"}, suffer: text{"phones and caches keep old releases", "手机和缓存会保留旧版本"},
		fix: text{"remove the CDN's caching rule for this path, so that it follows the origin; rules of the console come before headers", "请删除 CDN 对该路径的缓存规则，让它遵循源站；控制台规则优先于响应头"}},
	doctor.CDNExpires: {what: text{"an Expires header lets caches keep what changes", "Expires 头让缓存保留会变的内容"}, suffer: text{"old caches show old releases until then", "旧缓存会一直显示旧版本"},
		fix: text{"remove the rule that adds Expires; BOS adds three days when Cache-Control is missing", "请删除添加 Expires 的规则；BOS 在没有 Cache-Control 时会加三天"}},
	doctor.CDNStale: {what: text{"after a change the public URL still shows the old content", "更新后公网地址仍显示旧内容"}, suffer: text{"phones learn of releases, and of rollbacks, only when the cache lets go", "手机要等缓存过期才能看到发布和回滚"},
		fix: text{"CDN console: caching of the prefix: follow the origin, or 0 seconds for release.json and latest.wgt; files below packages/ may be kept for a year", "CDN 控制台：该前缀缓存设为遵循源站，或 release.json、latest.wgt 缓存 0 秒；packages/ 下可缓存一年"}},
	doctor.CDNStaleHead: {what: text{"after a change HEAD still shows the old headers, GET the new ones", "更新后 HEAD 仍是旧响应头，GET 已是新的"}, suffer: text{"phones ask with HEAD and learn nothing new", "手机用 HEAD 询问，看不到更新"},
		fix: text{"let the CDN not cache HEAD, or purge it by its own rule; ask its support for the setting", "请让 CDN 不缓存 HEAD；如找不到设置请联系其客服"}},
	doctor.NoCORS: {what: text{"web pages may not read the bucket", "网页无法跨域读取存储桶"}, suffer: text{"an H5 build cannot check for updates; apps can", "H5 版本无法检查更新；App 不受影响"},
		fix: text{"add a CORS rule: your origin, methods GET and HEAD, exposed headers ETag and x-*-meta-*", "请添加跨域规则：你的来源、GET 和 HEAD 方法、暴露 ETag 和 x-*-meta-* 头"}},
	doctor.CORSHides: {what: text{"web pages may read bodies, but not the headers", "网页能读内容，但看不到响应头"}, suffer: text{"an H5 build sees no ETag and no version", "H5 版本看不到 ETag 和版本"},
		fix: text{"CORS rule: expose ETag and each x-*-meta-* header by name", "跨域规则：逐个暴露 ETag 和各 x-*-meta-* 头"}},
}
