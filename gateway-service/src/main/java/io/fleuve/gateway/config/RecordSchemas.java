package io.fleuve.gateway.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Teaches the API's document what records say of their members: those that are {@link Nullable} may
 * be null, and so may elements of lists. And that a {@link JsonNode} is any JSON.
 */
final class RecordSchemas implements ModelConverter {

    private static final String NULL = "null";

    private final Map<String, Class<?>> shapes = new ConcurrentHashMap<>();
    private final Set<String> conflicts = ConcurrentHashMap.newKeySet();

    /**
     * Looks whether the document can be believed. Whoever resolves a schema swallows what is thrown
     * meanwhile.
     */
    void check() {
        if (!conflicts.isEmpty()) {
            throw new IllegalStateException(String.join("; ", conflicts));
        }
    }

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        Class<?> raw = Json.mapper().constructType(type.getType()).getRawClass();
        if (JsonNode.class.isAssignableFrom(raw)) {
            return new JsonSchema();
        }
        if (!chain.hasNext()) {
            return null;
        }
        Schema<?> resolved = chain.next().resolve(type, context, chain);
        if (raw.isRecord() && resolved != null) {
            Schema<?> model = modelOf(resolved, context);
            checkName(resolved.get$ref(), raw);
            for (RecordComponent component : raw.getRecordComponents()) {
                allowNull(model, component);
            }
        }
        return resolved;
    }

    /** Of two shapes with one name the document would show one, and generated clients have one. */
    private void checkName(@Nullable String reference, Class<?> shape) {
        Class<?> other = reference == null ? null : shapes.putIfAbsent(reference, shape);
        if (other != null && other != shape) {
            conflicts.add(
                    "%s and %s have the same name in the API's document: name one by @Schema"
                            .formatted(other.getName(), shape.getName()));
        }
    }

    private static Schema<?> modelOf(Schema<?> resolved, ModelConverterContext context) {
        String reference = resolved.get$ref();
        if (reference == null) {
            return resolved;
        }
        String name = reference.substring(reference.lastIndexOf('/') + 1);
        return context.getDefinedModels().getOrDefault(name, resolved);
    }

    private static void allowNull(Schema<?> model, RecordComponent component) {
        JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
        String name = named == null ? component.getName() : named.value();
        Schema<?> member = model.getProperties() == null ? null : model.getProperties().get(name);
        if (member == null) {
            return;
        }
        java.lang.reflect.AnnotatedType type = component.getAnnotatedType();
        if (member.getItems() != null && type instanceof AnnotatedParameterizedType list) {
            boolean nulls =
                    list.getAnnotatedActualTypeArguments()[0].isAnnotationPresent(Nullable.class);
            member.setItems(nulls ? orNull(member.getItems()) : member.getItems());
        }
        if (type.isAnnotationPresent(Nullable.class)) {
            model.getProperties().put(name, orNull(member));
        }
    }

    private static Schema<?> orNull(Schema<?> schema) {
        if (schema.get$ref() != null) {
            List<Schema> either = new ArrayList<>();
            either.add(new JsonSchema().$ref(schema.get$ref()));
            either.add(new JsonSchema().types(Set.of(NULL)));
            return new JsonSchema().anyOf(either);
        }
        if (schema.getTypes() != null) {
            schema.addType(NULL);
        }
        return schema;
    }
}
