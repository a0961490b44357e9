package io.fleuve.gateway.v3;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fleuve.gateway.errors.RestError;
import io.fleuve.gateway.errors.RestException;
import io.fleuve.gateway.format.JsonFields;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How requests name access control entries: one or many in a body, or a filter in a query. */
final class AclRequest {

    private static final String WHERE = "request";
    private static final Set<String> FIELDS =
            Set.of(
                    "resource_type",
                    "resource_name",
                    "pattern_type",
                    "principal",
                    "host",
                    "operation",
                    "permission");

    private AclRequest() {}

    /** The shape of the body, for the API's document alone. */
    @Schema(name = "CreateAclRequest")
    record Document(
            @JsonProperty("resource_type") ResourceType resourceType,
            @JsonProperty("resource_name") String resourceName,
            @JsonProperty("pattern_type") PatternType patternType,
            @JsonProperty("principal") String principal,
            @JsonProperty("host") String host,
            @JsonProperty("operation") AclOperation operation,
            @JsonProperty("permission") AclPermissionType permission) {}

    /** The shape of the body of {@code acls:batch}, for the API's document alone. */
    @Schema(name = "CreateAclsRequest")
    record BatchDocument(@JsonProperty("data") List<Document> data) {}

    /** The query of a search or deletion; what is null or empty matches all. */
    record Query(
            String resourceType,
            @Nullable String resourceName,
            String patternType,
            @Nullable String principal,
            @Nullable String host,
            String operation,
            String permission) {

        /**
         * @param unknown how a refusal says that a value is none, as Confluent words it
         */
        AclBindingFilter toFilter(String unknown) {
            ResourceType resource = ResourceType.fromString(resourceType);
            refuse(resource.isUnknown(), "resource_type", unknown);
            PatternType pattern = patternOf(patternType);
            refuse(pattern.isUnknown(), "pattern_type", unknown);
            AclOperation allowed = AclOperation.fromString(operation);
            refuse(allowed.isUnknown(), "operation", unknown);
            AclPermissionType kind = AclPermissionType.fromString(permission);
            refuse(kind.isUnknown(), "permission", unknown);
            return new AclBindingFilter(
                    new ResourcePatternFilter(resource, orNull(resourceName), pattern),
                    new AccessControlEntryFilter(orNull(principal), orNull(host), allowed, kind));
        }
    }

    static AclBinding parse(JsonNode body) {
        return toBinding(JsonFields.of(body, WHERE, FIELDS));
    }

    static List<AclBinding> parseBatch(JsonNode body) {
        JsonFields batch = JsonFields.of(body, WHERE, Set.of("data"));
        if (batch.present("data") == null) {
            throw bad("request.data is required.");
        }
        List<AclBinding> acls = new ArrayList<>();
        for (JsonNode node : batch.array("data")) {
            acls.add(toBinding(JsonFields.of(node, "request.data", FIELDS)));
        }
        return acls;
    }

    private static AclBinding toBinding(JsonFields fields) {
        ResourceType resource = ResourceType.fromString(required(fields, "resource_type"));
        refuse(resource.isUnknown() || resource == ResourceType.ANY, "resource_type", "ANY");
        PatternType pattern = patternOf(required(fields, "pattern_type"));
        refuse(!pattern.isSpecific(), "pattern_type", pattern.name());
        AclOperation operation = AclOperation.fromString(required(fields, "operation"));
        refuse(operation.isUnknown() || operation == AclOperation.ANY, "operation", "ANY");
        AclPermissionType permission = AclPermissionType.fromString(required(fields, "permission"));
        refuse(permission.isUnknown() || permission == AclPermissionType.ANY, "permission", "ANY");
        return new AclBinding(
                new ResourcePattern(resource, required(fields, "resource_name"), pattern),
                new AccessControlEntry(
                        required(fields, "principal"),
                        required(fields, "host"),
                        operation,
                        permission));
    }

    private static PatternType patternOf(String name) {
        for (PatternType type : PatternType.values()) {
            if (type.name().equalsIgnoreCase(name)) {
                return type;
            }
        }
        return PatternType.UNKNOWN;
    }

    private static String required(JsonFields fields, String name) {
        String value = fields.string(name);
        if (value == null) {
            throw bad("%s.%s is required.".formatted(WHERE, name));
        }
        return value;
    }

    private static @Nullable String orNull(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value;
    }

    private static void refuse(boolean refused, String name, String value) {
        if (refused) {
            throw bad("%s cannot be %s".formatted(name, value));
        }
    }

    private static RestException bad(String detail) {
        return new RestException(RestError.badRequest(detail));
    }
}
