package main

import (
	"math"
	"slices"
)

const (
	residencyAnnotation = "lowtide.dev/residency"
	outside             = "region's jurisdiction is outside the pod's residency"
	unknownSet          = "the pod's residency names no set of the policy"
	precision           = 1e-9
)

// refusal says why a pod may not run in a region; empty where it may.
func (w *World) refusal(set, region string) string {
	if set == "" {
		return ""
	}
	jurisdictions, known := w.Sets[set]
	if !known {
		return unknownSet
	}
	if !slices.Contains(jurisdictions, w.Regions[region].Jurisdiction) {
		return outside
	}
	return ""
}

// scores rates regions against one another, 0 to 10, as docs/adr/0003-placement-score.md has it where all data is known.
func (w *World) scores(regions map[string]struct{}) map[string]int64 {
	leastIntensity, leastCost := math.Inf(1), math.Inf(1)
	for region := range regions {
		leastIntensity = min(leastIntensity, w.Regions[region].Intensity)
		leastCost = min(leastCost, w.Regions[region].Cost)
	}
	totals := make(map[string]float64, len(regions))
	best := 0.0
	for region := range regions {
		facts := w.Regions[region]
		sum := w.Weights.Carbon*leastIntensity/facts.Intensity +
			w.Weights.Cost*leastCost/facts.Cost +
			w.Weights.Availability*w.availability[region]
		totals[region] = sum / (w.Weights.Carbon + w.Weights.Cost + w.Weights.Availability)
		best = max(best, totals[region])
	}
	scores := make(map[string]int64, len(regions))
	for region, total := range totals {
		share := total / best
		if share >= 1-w.Tie-precision {
			scores[region] = 10
		} else {
			scores[region] = min(9, int64(math.Floor(10*share+precision)))
		}
	}
	return scores
}
