package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"

	"wgtup/release"
)

// phone is a device of a fleet, or as many as Count says that are alike.
type phone struct {
	Name   string
	Count  int
	Device release.Device
}

// fleetJSON is a line of `explain --fleet --json`.
type fleetJSON struct {
	Name    string           `json:"name,omitempty"`
	Count   int              `json:"count"`
	Device  release.Device   `json:"device"`
	Action  release.Action   `json:"action"`
	Reason  release.Reason   `json:"reason"`
	Release string           `json:"release"`
	Version *release.Version `json:"version,omitempty"`
	Mode    release.Mode     `json:"mode,omitempty"`
}

// explainFleet says who gets what: devices that are alike and do the same are
// one line.
func (u *ui) explainFleet(f deviceFlags, d *release.Document, clock release.Clock) error {
	fleet, err := readFleet(f, d)
	if err != nil {
		return err
	}
	out := []fleetJSON{}
	rows, counts := [][]string{}, map[string]int{}
	for _, m := range fleet {
		got := release.Decide(m.Device, d, clock)
		out = append(out, fleetJSON{m.Name, m.Count, m.Device, got.Action, got.Reason, got.Release, got.Version, got.Mode})
		gets := u.t(text{"nothing", "无"})
		if got.Action != release.None {
			gets = got.Version.Name + " (" + got.Release + ", " + string(got.Mode) + ")"
		}
		row := []string{m.Device.Platform, m.Device.Native.Name, m.Device.Running.Name, gets, u.t(reasonWords[got.Reason])}
		key := strings.Join(row, "\x00")
		if counts[key] == 0 {
			rows = append(rows, row)
		}
		counts[key] += m.Count
	}
	slices.SortStableFunc(rows, func(a, b []string) int {
		return counts[strings.Join(b, "\x00")] - counts[strings.Join(a, "\x00")]
	})
	table, all := [][]string{u.header("DEVICES|PLATFORM|APP|RUNS|GETS|WHY", "设备数|平台|安装包|运行|得到|原因")}, 0
	for _, row := range rows {
		n := counts[strings.Join(row, "\x00")]
		all += n
		table = append(table, append([]string{strconv.Itoa(n)}, row...))
	}
	u.say(text{"entry %s of channel %s, looked at %s, %d devices", "渠道 %[2]s 的第 %[1]s 条记录，判断时间 %[3]s，共 %[4]d 台设备"}, entryName(d.Position()), d.Channel, when(clock.Now), all)
	u.table(table)
	return u.print(out)
}

// readFleet reads a JSON array of devices, as state() of the client exports them,
// or a CSV whose columns are called like the flags.
func readFleet(f deviceFlags, d *release.Document) ([]phone, error) {
	data, err := os.ReadFile(f.fleet)
	if err != nil {
		return nil, usage(text{"cannot read the fleet: %v", "无法读取设备清单：%v"}, err)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // spreadsheets begin so
	if strings.HasPrefix(strings.TrimSpace(string(data)), "[") {
		return fleetOfJSON(f, d, data)
	}
	return fleetOfCSV(f, d, data)
}

func fleetOfJSON(f deviceFlags, d *release.Document, data []byte) ([]phone, error) {
	var states []json.RawMessage
	if err := json.Unmarshal(data, &states); err != nil {
		return nil, noFleet(f.fleet, err)
	}
	var all []phone
	for _, state := range states {
		m := phone{Device: release.Device{App: d.App, Channel: d.Channel, Platform: f.platform}}
		var about struct {
			Name  string `json:"name"`
			Count *int   `json:"count"`
		}
		if err := json.Unmarshal(state, &about); err != nil {
			return nil, noFleet(f.fleet, err)
		}
		if m.Name, m.Count = about.Name, 1; about.Count != nil {
			m.Count = max(*about.Count, 0)
		}
		if err := decodeDevice(state, &m.Device); err != nil {
			return nil, noFleet(f.fleet, err)
		}
		all = append(all, m)
	}
	return all, nil
}

// fleetColumns are those that a CSV may have.
var fleetColumns = []string{"name", "count", "platform", "native", "native-code", "version", "version-code", "install-id", "release"}

func fleetOfCSV(f deviceFlags, d *release.Document, data []byte) ([]phone, error) {
	lines, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return nil, noFleet(f.fleet, err)
	}
	if len(lines) == 0 || !slices.Contains(lines[0], "version") {
		return nil, usage(text{"%s has no column \"version\"", "%s 没有 version 这一列"}, f.fleet).
			hint(text{"the first line names the columns: %s", "第一行是列名：%s"}, strings.Join(fleetColumns, ","))
	}
	var all []phone
	for n, line := range lines[1:] {
		one, m := f, phone{Count: 1}
		for i, value := range line {
			value = strings.TrimSpace(value)
			number, err := strconv.ParseInt(value, 10, 64)
			column := strings.TrimSpace(lines[0][i])
			if value == "" {
				continue
			}
			switch column {
			case "name":
				m.Name = value
			case "count":
				m.Count = int(number)
			case "platform":
				one.platform = value
			case "native":
				one.native = value
			case "native-code":
				one.nativeCode = number
			case "version":
				one.version = value
			case "version-code":
				one.code = number
			case "install-id":
				one.install = value
			case "release":
				one.running = value
			default:
				return nil, usage(text{"%s has a column %q", "%s 有一列 %q"}, f.fleet, column).hint(text{"columns are %s", "列名有：%s"}, strings.Join(fleetColumns, ","))
			}
			if slices.Contains([]string{"count", "native-code", "version-code"}, column) && (err != nil || number < 0) {
				return nil, usage(text{"%s, line %s: %s %q is no number", "%s 第 %s 行：%s %q 不是数字"}, f.fleet, strconv.Itoa(n+2), column, value)
			}
		}
		if err := checkPlatform(one.platform); err != nil {
			return nil, err
		}
		if m.Device, err = one.device(d); err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

func noFleet(file string, err error) error {
	return usage(text{"%s is no list of devices: %v", "%s 不是设备清单：%v"}, file, err).
		hint(text{"a CSV with the columns %s, or a JSON array of what state() of the client returns", "CSV，列名为 %s；或 JSON 数组，每项是客户端 state() 的返回值"}, strings.Join(fleetColumns, ","))
}
