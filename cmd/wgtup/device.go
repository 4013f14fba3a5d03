package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wgtup/release"
)

// deviceFlags describe a phone.
type deviceFlags struct {
	channel    string
	file       string
	fleet      string
	version    string
	code       int64
	native     string
	nativeCode int64
	platform   string
	install    string
	running    string
	at         string
}

func (u *ui) deviceFlags(c *cobra.Command, f *deviceFlags) {
	fs := c.Flags()
	u.channelFlag(c, &f.channel)
	fs.StringVar(&f.version, "version", "", u.t(text{"version `NAME` of what runs", "正在运行的`版本名`"}))
	fs.Int64Var(&f.code, "version-code", 0, u.t(text{"version `CODE` of what runs (default: as published)", "正在运行的`版本号`（默认：与发布的一致）"}))
	fs.StringVar(&f.native, "native", "", u.t(text{"version `NAME` of the installed app (default: the registered one)", "安装包的`版本名`（默认：已登记的那个）"}))
	fs.Int64Var(&f.nativeCode, "native-code", 0, u.t(text{"version `CODE` of the installed app", "安装包的`版本号`"}))
	fs.StringVar(&f.platform, "platform", release.Android, u.t(text{"`NAME`: android, ios or harmony", "`平台`：android、ios 或 harmony"}))
	fs.StringVar(&f.install, "install-id", "", u.t(text{"install `ID`, which decides rollouts", "安装`标识`，决定是否在灰度内"}))
	fs.StringVar(&f.running, "release", "", u.t(text{"release `ID` of what runs, if the device still knows it", "正在运行的发布`编号`（如果设备还记得）"}))
	fs.StringVar(&f.file, "device", "", u.t(text{"JSON `FILE` with the device's state instead of these flags", "用 JSON `文件`描述设备，代替以上参数"}))
}

// check reads the flags that have a form of their own.
func (f *deviceFlags) check() error {
	if err := checkPlatform(f.platform); err != nil {
		return err
	}
	if f.file == "" && f.fleet == "" && f.version == "" {
		return usage(text{"which version runs on the device?", "设备上运行的是哪个版本？"}).
			hint(text{"--version 1.0.0 (and --version-code, --native, --platform, --install-id)", "--version 1.0.0（以及 --version-code、--native、--platform、--install-id）"})
	}
	return nil
}

// device is the phone that the flags describe, as this document sees it.
func (f *deviceFlags) device(d *release.Document) (release.Device, error) {
	dev := release.Device{App: d.App, Channel: d.Channel, Platform: f.platform, Install: f.install}
	if f.file != "" {
		return dev, readDevice(f.file, &dev)
	}
	dev.Running = release.Running{Name: f.version, Code: f.code}
	if f.code == 0 {
		dev.Running.Code = publishedCode(d, f.version)
	}
	if f.running != "" {
		dev.Running.Channel = d.Channel
		dev.Running.Release = d.Find(f.running)
	}
	native, err := f.installed(d, dev.Running)
	if err != nil {
		return dev, err
	}
	dev.Native = native
	if f.running != "" && dev.Running.Release == nil {
		dev.Running.Release = &release.Release{ID: f.running, Kind: release.Wgt, Platforms: []string{f.platform},
			Natives: release.Natives{List: []release.Native{{Platform: f.platform, Name: native.Name, Code: native.Code}}}}
	}
	return dev, nil
}

func readDevice(file string, into *release.Device) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return usage(text{"cannot read the device: %v", "无法读取设备描述：%v"}, err)
	}
	if err := decodeDevice(data, into); err != nil {
		return usage(text{"%s is no device state: %v", "%s 不是设备状态：%v"}, file, err).
			hint(text{"it is what state() of the client returns", "它应是客户端 state() 返回的内容"})
	}
	return nil
}

// decodeDevice reads what state() of the client returns, or the device in it.
func decodeDevice(data []byte, into *release.Device) error {
	var state struct {
		Device json.RawMessage `json:"device"`
	}
	if err := json.Unmarshal(data, &state); err != nil {
		return err
	}
	if state.Device != nil {
		data = state.Device
	}
	return json.Unmarshal(data, into)
}

// publishedCode is the version code under which a version was published, the
// newest first.
func publishedCode(d *release.Document, name string) int64 {
	for i := len(d.Releases) - 1; i >= 0; i-- {
		if v := d.Releases[i].Version; v.Name == name {
			return v.Code
		}
	}
	for i := len(d.Withdrawn) - 1; i >= 0; i-- {
		if v := d.Withdrawn[i].Version; v.Name == name {
			return v.Code
		}
	}
	for _, b := range d.Bases {
		if b.Name == name {
			return b.Code
		}
	}
	return 0
}

// installed is the native version that the flags name, or the only one it can
// be: what runs came with it, or runs on it, or it is the only one registered.
func (f *deviceFlags) installed(d *release.Document, run release.Running) (release.Version, error) {
	var all, named, carrying []release.Version
	for _, b := range d.Bases {
		v := release.Version{Name: b.Name, Code: b.Code}
		if b.Platform != f.platform {
			continue
		}
		if !b.Retired {
			all = append(all, v)
		}
		if b.Name == f.native {
			named = append(named, v)
		}
		if slices.ContainsFunc(d.Releases, func(r release.Release) bool {
			return r.Kind == release.Wgt && r.Version.Name == run.Name && slices.Contains(r.Platforms, f.platform) && r.Natives.Include(b.Native())
		}) {
			carrying = append(carrying, v)
		}
	}
	own := release.Version{Name: run.Name, Code: run.Code}
	switch {
	case f.native != "" && f.nativeCode == 0 && len(named) == 1:
		return named[0], nil
	case f.native != "":
		return release.Version{Name: f.native, Code: f.nativeCode}, nil
	case len(all) == 1:
		return all[0], nil
	case len(carrying) == 1:
		return carrying[0], nil
	case len(all) == 0 || slices.Contains(all, own):
		return own, nil
	}
	var names []string
	for _, v := range all {
		names = append(names, v.Name)
	}
	return own, usage(text{"which app is installed? registered are %s", "安装的是哪个安装包？已登记的有 %s"}, strings.Join(names, ", ")).
		hint(text{"--native %s", "--native %s"}, names[len(names)-1])
}

// clock is --at, else a given time.
func (f *deviceFlags) clock(now time.Time) (release.Clock, error) {
	if f.at == "" {
		return release.Clock{Now: now, Network: true}, nil
	}
	at, err := parseTime(f.at, now)
	return release.Clock{Now: at, Network: true}, err
}
