package io.fleuve.gateway.v3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.format.JsonBody;
import io.fleuve.gateway.kafka.AclAdmin;
import io.fleuve.gateway.kafka.ClusterAdmin;
import io.fleuve.gateway.v3.Resources.ResourceList;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.acl.AclBinding;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.util.UriUtils;

/**
 * Access control lists. They are the brokers'; where these have no authorizer, the answer is 40002
 * with the brokers' own words.
 */
@V3Controller
@Tag(name = "v3: ACLs")
final class AclController {

    private static final String NEEDS_AUTHORIZER =
            " Brokers without an authorizer refuse with 40002, \"No Authorizer is configured.\"";

    private final ClusterAdmin cluster;
    private final AclAdmin acls;
    private final JsonBody body;
    private final Links links;

    AclController(ClusterAdmin cluster, AclAdmin acls, JsonBody body, Links links) {
        this.cluster = cluster;
        this.acls = acls;
        this.body = body;
        this.links = links;
    }

    /** An ACL is found by its query: it has no name of its own. */
    record AclMetadata(@JsonProperty("self") String self) {}

    record AclData(
            @JsonProperty("kind") String kind,
            @JsonProperty("metadata") AclMetadata metadata,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("resource_type") String resourceType,
            @JsonProperty("resource_name") String resourceName,
            @JsonProperty("pattern_type") String patternType,
            @JsonProperty("principal") String principal,
            @JsonProperty("host") String host,
            @JsonProperty("operation") String operation,
            @JsonProperty("permission") String permission) {}

    record DeletedAcls(@JsonProperty("data") List<AclData> data) {}

    @GetMapping("/{cluster_id}/acls")
    @Operation(
            summary = "Search ACLs",
            description =
                    "The ACLs that match all parameters; what is left out matches any."
                            + NEEDS_AUTHORIZER)
    ResourceList<AclData> searchAcls(
            @PathVariable("cluster_id") String clusterId,
            @RequestParam(name = "resource_type", defaultValue = "any") String resourceType,
            @RequestParam(name = "resource_name", required = false) @Nullable String resourceName,
            @RequestParam(name = "pattern_type", defaultValue = "any") String patternType,
            @RequestParam(name = "principal", required = false) @Nullable String principal,
            @RequestParam(name = "host", required = false) @Nullable String host,
            @RequestParam(name = "operation", defaultValue = "any") String operation,
            @RequestParam(name = "permission", defaultValue = "any") String permission,
            HttpServletRequest request) {
        AclRequest.Query query =
                new AclRequest.Query(
                        resourceType,
                        resourceName,
                        patternType,
                        principal,
                        host,
                        operation,
                        permission);
        Links.Scope scope = links.of(request);
        List<AclData> data =
                toData(
                        scope,
                        clusterId,
                        acls.describe(checked(clusterId, query).toFilter("UNKNOWN")));
        return ResourceList.of(
                "KafkaAclList",
                self(
                        scope,
                        clusterId,
                        resourceType,
                        orEmpty(resourceName),
                        patternType,
                        orEmpty(principal),
                        orEmpty(host),
                        operation,
                        permission),
                data);
    }

    @PostMapping(path = "/{cluster_id}/acls", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Create an ACL",
            description =
                    "Allows or denies a principal an operation on a resource." + NEEDS_AUTHORIZER,
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema =
                                                    @Schema(
                                                            implementation =
                                                                    AclRequest.Document.class))))
    @ApiResponse(responseCode = "201", description = "Created.", content = @Content)
    ResponseEntity<Void> createAcl(
            @PathVariable("cluster_id") String clusterId, HttpServletRequest request)
            throws IOException {
        AclBinding acl = AclRequest.parse(body.require(request.getInputStream()));
        Clusters.require(cluster, clusterId);
        acls.create(List.of(acl));
        return ResponseEntity.created(URI.create(self(links.of(request), clusterId, acl))).build();
    }

    @PostMapping(path = "/{cluster_id}/acls:batch", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Create several ACLs",
            description = "As one by one." + NEEDS_AUTHORIZER,
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema =
                                                    @Schema(
                                                            implementation =
                                                                    AclRequest.BatchDocument
                                                                            .class))))
    void createAcls(@PathVariable("cluster_id") String clusterId, HttpServletRequest request)
            throws IOException {
        List<AclBinding> wanted = AclRequest.parseBatch(body.require(request.getInputStream()));
        Clusters.require(cluster, clusterId);
        acls.create(wanted);
    }

    @DeleteMapping("/{cluster_id}/acls")
    @Operation(
            summary = "Delete ACLs",
            description =
                    "Deletes the ACLs that match all parameters, and tells which those were. The"
                            + " types, operation and permission must be given, if only as `any`."
                            + NEEDS_AUTHORIZER)
    DeletedAcls deleteAcls(
            @PathVariable("cluster_id") String clusterId,
            @RequestParam(name = "resource_type", defaultValue = "unknown") String resourceType,
            @RequestParam(name = "resource_name", required = false) @Nullable String resourceName,
            @RequestParam(name = "pattern_type", defaultValue = "unknown") String patternType,
            @RequestParam(name = "principal", required = false) @Nullable String principal,
            @RequestParam(name = "host", required = false) @Nullable String host,
            @RequestParam(name = "operation", defaultValue = "unknown") String operation,
            @RequestParam(name = "permission", defaultValue = "unknown") String permission,
            HttpServletRequest request) {
        AclRequest.Query query =
                new AclRequest.Query(
                        resourceType,
                        resourceName,
                        patternType,
                        principal,
                        host,
                        operation,
                        permission);
        return new DeletedAcls(
                toData(
                        links.of(request),
                        clusterId,
                        acls.delete(checked(clusterId, query).toFilter("unspecified or UNKNOWN"))));
    }

    private AclRequest.Query checked(String clusterId, AclRequest.Query query) {
        Clusters.require(cluster, clusterId);
        return query;
    }

    private static List<AclData> toData(
            Links.Scope scope, String clusterId, Collection<AclBinding> found) {
        return found.stream()
                .map(acl -> toData(scope, clusterId, acl))
                .sorted(
                        Comparator.comparing(AclData::resourceType)
                                .thenComparing(AclData::resourceName)
                                .thenComparing(AclData::patternType)
                                .thenComparing(AclData::principal)
                                .thenComparing(AclData::host)
                                .thenComparing(AclData::operation)
                                .thenComparing(AclData::permission))
                .toList();
    }

    private static AclData toData(Links.Scope scope, String clusterId, AclBinding acl) {
        return new AclData(
                "KafkaAcl",
                new AclMetadata(self(scope, clusterId, acl)),
                clusterId,
                acl.pattern().resourceType().name(),
                acl.pattern().name(),
                acl.pattern().patternType().name(),
                acl.entry().principal(),
                acl.entry().host(),
                acl.entry().operation().name(),
                acl.entry().permissionType().name());
    }

    private static String self(Links.Scope scope, String clusterId, AclBinding acl) {
        return self(
                scope,
                clusterId,
                acl.pattern().resourceType().name(),
                acl.pattern().name(),
                acl.pattern().patternType().name(),
                acl.entry().principal(),
                acl.entry().host(),
                acl.entry().operation().name(),
                acl.entry().permissionType().name());
    }

    // In the order of Confluent's links.
    private static String self(Links.Scope scope, String clusterId, String... values) {
        String[] names = {
            "resource_type",
            "resource_name",
            "pattern_type",
            "principal",
            "host",
            "operation",
            "permission"
        };
        StringBuilder url = new StringBuilder(scope.url(clusterId, "acls"));
        for (int i = 0; i < names.length; i++) {
            boolean keyword = i == 0 || i == 2 || i > 4;
            String value = keyword ? values[i].toUpperCase(Locale.ROOT) : values[i];
            url.append(i == 0 ? '?' : '&')
                    .append(names[i])
                    .append('=')
                    .append(UriUtils.encode(value, StandardCharsets.UTF_8));
        }
        return url.toString();
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }
}
