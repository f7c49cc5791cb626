/** A pod as kube-scheduler sends it: the shape of one recorded from kube-scheduler 1.36.3, its name and uid by number. */
export function podOf(number: number, annotations: Readonly<Record<string, string>>): unknown {
  const digits = String(number).padStart(12, '0');
  return {
    metadata: {
      name: `web-7d9f8b6c5-${digits}`,
      namespace: 'default',
      uid: `7dccdfae-1a91-4e34-a3de-${digits}`,
      resourceVersion: String(1000 + number),
      generation: 1,
      creationTimestamp: '2026-11-21T06:07:21Z',
      labels: { app: 'web', 'pod-template-hash': '7d9f8b6c5' },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      volumes: [{ name: 'kube-api-access-x4jvd', projected: { sources: TOKEN_SOURCES, defaultMode: 420 } }],
      containers: [
        {
          name: 'web',
          image: 'registry.example/web:1.0',
          resources: { requests: { cpu: '100m', memory: '64Mi' } },
          volumeMounts: [{ name: 'kube-api-access-x4jvd', readOnly: true, mountPath: '/var/run/secrets' }],
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          imagePullPolicy: 'IfNotPresent',
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'default',
      serviceAccount: 'default',
      securityContext: {},
      schedulerName: 'default-scheduler',
      tolerations: ['not-ready', 'unreachable'].map((taint) => ({
        key: `node.kubernetes.io/${taint}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
    },
    status: { phase: 'Pending', qosClass: 'Burstable' },
  };
}

const TOKEN_SOURCES = [
  { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
  { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
  { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
];
