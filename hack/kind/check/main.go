// Command check decodes a kind cluster configuration as strictly as kind does, and its kubeadm patches too, which
// kind passes on unread: a misspelt key there shows only in a cluster whose scheduler never calls the extender.
package main

import (
	"fmt"
	"os"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"
	"sigs.k8s.io/kind/pkg/apis/config/v1alpha4"
)

// clusterPatch is the part of kubeadm's ClusterConfiguration that we set.
type clusterPatch struct {
	Kind      string
	Scheduler struct {
		ExtraArgs    map[string]string `yaml:"extraArgs"`
		ExtraVolumes []volume          `yaml:"extraVolumes"`
	}
}

type volume struct {
	Name      string
	HostPath  string `yaml:"hostPath"`
	MountPath string `yaml:"mountPath"`
	ReadOnly  bool   `yaml:"readOnly"`
	PathType  string `yaml:"pathType"`
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: check CLUSTER.yaml")
		os.Exit(2)
	}
	if err := check(os.Args[1]); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
	fmt.Printf("%s: valid for kind's v1alpha4\n", path.Base(os.Args[1]))
}

func check(file string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var cluster v1alpha4.Cluster
	if err := decodeStrictly(string(raw), &cluster); err != nil {
		return err
	}
	if cluster.Kind != "Cluster" || cluster.APIVersion != "kind.x-k8s.io/v1alpha4" {
		return fmt.Errorf("is %s %s", cluster.APIVersion, cluster.Kind)
	}
	for _, node := range cluster.Nodes {
		if err := checkNode(node); err != nil {
			return err
		}
	}
	return nil
}

// checkNode follows the scheduler's configuration from its flag through the pod's volume to the node's mount.
func checkNode(node v1alpha4.Node) error {
	for _, text := range node.KubeadmConfigPatches {
		var patch clusterPatch
		if err := decodeStrictly(text, &patch); err != nil {
			return fmt.Errorf("kubeadm patch: %w", err)
		}
		config := patch.Scheduler.ExtraArgs["config"]
		inPod := path.Dir(config)
		for _, volume := range patch.Scheduler.ExtraVolumes {
			if volume.MountPath == inPod && isMounted(node, volume.HostPath) {
				return nil
			}
		}
		return fmt.Errorf("the scheduler's --config=%s is in no folder that is mounted all the way", config)
	}
	return fmt.Errorf("no kubeadm patch sets the scheduler's configuration")
}

func isMounted(node v1alpha4.Node, folder string) bool {
	for _, mount := range node.ExtraMounts {
		if mount.ContainerPath == folder && mount.Readonly {
			return true
		}
	}
	return false
}

func decodeStrictly(text string, into any) error {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	decoder.KnownFields(true)
	return decoder.Decode(into)
}
