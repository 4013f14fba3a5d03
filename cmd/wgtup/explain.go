package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"
)

func explainCommand(ui *ui) *cobra.Command {
	var f deviceFlags
	c := &cobra.Command{
		Use:     "explain",
		Short:   ui.t(text{"from the store: what a device would do, and why", "从存储读取：某台设备会怎么做，为什么"}),
		Example: "  wgtup explain --version 1.0.0 --platform android --install-id 5f0c\n  wgtup explain --version 1.0.0 --at +6h\n  wgtup explain --fleet devices.csv",
		Args:    takes(0, 0),
		RunE:    func(c *cobra.Command, _ []string) error { return ui.explainDevice(c.Context(), f) },
	}
	ui.deviceFlags(c, &f)
	c.Flags().StringVar(&f.fleet, "fleet", "", ui.t(text{"who gets what: `FILE` of devices, CSV or JSON", "谁会得到什么：设备清单`文件`，CSV 或 JSON"}))
	c.Flags().StringVar(&f.at, "at", "", ui.t(text{"look at another `TIME`: +6h, 2026-11-22T18:00:00Z", "看另一个`时间`点：+6h、2026-11-22T18:00:00Z"}))
	return c
}

func (u *ui) explainDevice(ctx context.Context, f deviceFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	p, err := u.publisher(ctx, f.channel, false)
	if err != nil {
		return err
	}
	head, err := p.Head(ctx)
	if err != nil {
		return err
	}
	if head == nil {
		return noChannel(ctx, p)
	}
	clock, err := f.clock(time.Now())
	if err != nil {
		return err
	}
	if f.fleet != "" {
		return u.explainFleet(f, head.Document, clock)
	}
	dev, err := f.device(head.Document)
	if err != nil {
		return err
	}
	return u.showDecision(dev, head.Document, clock, true)
}
