{{- define "fleuve.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "fleuve.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "fleuve.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "fleuve.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Labels that select the pods of a component: dict "root" $ "component" "broker" */}}
{{- define "fleuve.selector" -}}
app.kubernetes.io/name: {{ include "fleuve.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "fleuve.labels" -}}
{{ include "fleuve.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "fleuve.image" -}}
{{- $tag := default .root.Chart.AppVersion .root.Values.image.tag -}}
{{- with .root.Values.image.registry }}{{ trimSuffix "/" . }}/{{ end }}fleuve/{{ .service }}:{{ $tag }}
{{- end -}}

{{- define "fleuve.bootstrap" -}}
{{- if .Values.kafka.bootstrapServers -}}
{{ .Values.kafka.bootstrapServers }}
{{- else -}}
{{ include "fleuve.fullname" . }}-broker:9092
{{- end -}}
{{- end -}}

{{- define "fleuve.postgresHost" -}}
{{- if .Values.postgres.bundled.enabled -}}
{{ include "fleuve.fullname" . }}-postgres
{{- else -}}
{{ required "postgres.host is required: name a PostgreSQL server, or set postgres.bundled.enabled" .Values.postgres.host }}
{{- end -}}
{{- end -}}

{{- define "fleuve.postgresSecret" -}}
{{ required "postgres.secret.name is required: the Secret with the database's user and password (see values.yaml)" .Values.postgres.secret.name }}
{{- end -}}

{{- define "fleuve.postgresEnv" -}}
- name: FLEUVE_POSTGRES_URL
  value: {{ printf "jdbc:postgresql://%s:%v/%s%s" (include "fleuve.postgresHost" .) .Values.postgres.port .Values.postgres.database (ternary (printf "?%s" .Values.postgres.parameters) "" (ne .Values.postgres.parameters "")) | quote }}
- name: FLEUVE_POSTGRES_USER
  valueFrom:
    secretKeyRef:
      name: {{ include "fleuve.postgresSecret" . }}
      key: {{ .Values.postgres.secret.usernameKey }}
- name: FLEUVE_POSTGRES_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ include "fleuve.postgresSecret" . }}
      key: {{ .Values.postgres.secret.passwordKey }}
{{- end -}}

{{/* The log's topic, and what an installation adds to a component: dict "root" $ "env" .Values.broker.env */}}
{{- define "fleuve.extraEnv" -}}
{{- with .root.Values.logs.topic }}
- name: FLEUVE_LOG_TOPIC
  value: {{ . | quote }}
{{- end }}
{{- range $name, $value := .env }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/* What every pod has in common: dict "root" $ "component" "broker" "values" .Values.broker */}}
{{- define "fleuve.podSettings" -}}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- if .root.Values.topologySpread.enabled }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: {{ .root.Values.topologySpread.topologyKey }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "fleuve.selector" (dict "root" .root "component" .component) | nindent 8 }}
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "fleuve.selector" (dict "root" .root "component" .component) | nindent 8 }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "fleuve.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end -}}

{{/* Probes of a Spring Boot service: startup is generous, liveness patient, readiness quick. */}}
{{- define "fleuve.probes" -}}
startupProbe:
  httpGet: {path: /actuator/health/liveness, port: http}
  periodSeconds: 2
  failureThreshold: 90
livenessProbe:
  httpGet: {path: /actuator/health/liveness, port: http}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /actuator/health/readiness, port: http}
  periodSeconds: 3
  timeoutSeconds: 3
  failureThreshold: 3
# Time for the endpoints to forget this pod before it stops to listen.
lifecycle:
  preStop:
    exec:
      command: [sleep, "5"]
{{- end -}}

{{- define "fleuve.hpa" -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "fleuve.fullname" .root }}-{{ .component }}
  labels: {{- include "fleuve.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "fleuve.fullname" .root }}-{{ .component }}
  minReplicas: {{ .values.autoscaling.minReplicas }}
  maxReplicas: {{ .values.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .values.autoscaling.targetCPUUtilizationPercentage }}
  behavior:
    # Leaders move when brokers come and go: not at every breath.
    scaleDown:
      stabilizationWindowSeconds: 600
{{- end -}}
