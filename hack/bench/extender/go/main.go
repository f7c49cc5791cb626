// A scheduler extender as one would write it in Go: net/http, encoding/json, and the same decision as Lowtide's.
// It is what Lowtide is measured against, so it is plain on purpose: no cache, no hand-made JSON, and no waste either.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

// Pod is what the decision needs of a v1.Pod.
type Pod struct {
	Metadata struct {
		Name        string            `json:"name"`
		Namespace   string            `json:"namespace"`
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
}

// ExtenderArgs is k8s.io/kube-scheduler/extender/v1.ExtenderArgs; like there, its fields have no tags.
type ExtenderArgs struct {
	Pod       *Pod
	Nodes     *json.RawMessage
	NodeNames *[]string
}

// ExtenderFilterResult is what filter answers.
type ExtenderFilterResult struct {
	Nodes                      *json.RawMessage
	NodeNames                  *[]string
	FailedNodes                map[string]string
	FailedAndUnresolvableNodes map[string]string
	Error                      string
}

// HostPriority is one item of what prioritize answers.
type HostPriority struct {
	Host  string
	Score int64
}

func main() {
	nodes := flag.String("nodes", "", "NodeList as JSON")
	settings := flag.String("settings", "", "regions, sets and weights as JSON")
	flag.Parse()
	world, err := loadWorld(*nodes, *settings)
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /extender/v1/filter", handle(world.filter))
	mux.HandleFunc("POST /extender/v1/prioritize", handle(world.prioritize))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-stop
		os.Exit(0)
	}()
	fmt.Printf("ready http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, mux))
}

// handle decodes the arguments, and encodes what decide makes of them.
func handle[Result any](decide func(*ExtenderArgs) Result) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var args ExtenderArgs
		if err := json.NewDecoder(r.Body).Decode(&args); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if args.Pod == nil || args.NodeNames == nil {
			http.Error(w, "Pod and NodeNames are needed: set nodeCacheCapable", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(decide(&args)); err != nil {
			log.Print(err)
		}
	}
}

func (w *World) filter(args *ExtenderArgs) ExtenderFilterResult {
	set := args.Pod.Metadata.Annotations[residencyAnnotation]
	refusals := map[string]string{} // by region
	kept := make([]string, 0, len(*args.NodeNames))
	refused := map[string]string{}
	for _, name := range *args.NodeNames {
		region := w.regionOf[name]
		reason, judged := refusals[region]
		if !judged {
			reason = w.refusal(set, region)
			refusals[region] = reason
		}
		if reason == "" {
			kept = append(kept, name)
		} else {
			refused[name] = reason
		}
	}
	return ExtenderFilterResult{NodeNames: &kept, FailedNodes: map[string]string{}, FailedAndUnresolvableNodes: refused}
}

func (w *World) prioritize(args *ExtenderArgs) []HostPriority {
	regions := map[string]struct{}{}
	for _, name := range *args.NodeNames {
		regions[w.regionOf[name]] = struct{}{}
	}
	scores := w.scores(regions)
	result := make([]HostPriority, 0, len(*args.NodeNames))
	for _, name := range *args.NodeNames {
		result = append(result, HostPriority{Host: name, Score: scores[w.regionOf[name]]})
	}
	return result
}
