package main

import (
	"encoding/json"
	"os"
)

// regionLabel is where a node says which region it stands in.
const regionLabel = "topology.kubernetes.io/region"

// Settings is the part of Lowtide's policy that the benchmark uses, and the intensity that its trace has.
type Settings struct {
	Regions map[string]Region   `json:"regions"`
	Sets    map[string][]string `json:"sets"` // residency set -> jurisdictions
	Weights Weights             `json:"weights"`
	Tie     float64             `json:"tie"`
}

// Region is one row of the regions table.
type Region struct {
	Jurisdiction string  `json:"jurisdiction"`
	Cost         float64 `json:"cost"`
	Intensity    float64 `json:"intensity"`
}

// Weights are those of the terms that have data here: no pod of the benchmark names a latency origin.
type Weights struct {
	Carbon       float64 `json:"carbon"`
	Cost         float64 `json:"cost"`
	Availability float64 `json:"availability"`
}

// World is everything a decision rests on, read once.
type World struct {
	Settings
	regionOf     map[string]string  // node -> region
	availability map[string]float64 // region -> share of its nodes that are Ready and schedulable
}

type node struct {
	Metadata struct {
		Name   string            `json:"name"`
		Labels map[string]string `json:"labels"`
	} `json:"metadata"`
	Spec struct {
		Unschedulable bool `json:"unschedulable"`
	} `json:"spec"`
	Status struct {
		Conditions []struct {
			Type   string `json:"type"`
			Status string `json:"status"`
		} `json:"conditions"`
	} `json:"status"`
}

func (n *node) available() bool {
	for _, c := range n.Status.Conditions {
		if c.Type == "Ready" && c.Status == "True" {
			return !n.Spec.Unschedulable
		}
	}
	return false
}

// loadWorld reads a NodeList as `kubectl get nodes -o json` prints it, and the settings.
func loadWorld(nodesFile, settingsFile string) (*World, error) {
	var list struct {
		Items []node `json:"items"`
	}
	if err := readJSON(nodesFile, &list); err != nil {
		return nil, err
	}
	world := &World{regionOf: map[string]string{}, availability: map[string]float64{}}
	if err := readJSON(settingsFile, &world.Settings); err != nil {
		return nil, err
	}
	all, up := map[string]float64{}, map[string]float64{}
	for i := range list.Items {
		region := list.Items[i].Metadata.Labels[regionLabel]
		world.regionOf[list.Items[i].Metadata.Name] = region
		all[region]++
		if list.Items[i].available() {
			up[region]++
		}
	}
	for region, count := range all {
		world.availability[region] = up[region] / count
	}
	return world, nil
}

func readJSON(file string, into any) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}
