package io.fleuve.gateway.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.DeleteAclsResult.FilterResult;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Access control lists. Brokers without an authorizer refuse every call with {@link
 * SecurityDisabledException}; brokers that do not know these APIs at all have none either and are
 * taken to have said the same.
 */
public final class AclAdmin {

    private static final String NO_AUTHORIZER = "No Authorizer is configured.";

    private final ClusterAdmin cluster;

    public AclAdmin(ClusterAdmin cluster) {
        this.cluster = cluster;
    }

    public Collection<AclBinding> describe(AclBindingFilter filter) {
        return orSecurityDisabled(
                "No Authorizer is configured on the broker",
                () -> cluster.await(cluster.client().describeAcls(filter).values()));
    }

    /** Creates each that does not exist yet; those before a refused one stay. */
    public void create(Collection<AclBinding> acls) {
        orSecurityDisabled(
                NO_AUTHORIZER,
                () -> {
                    cluster.await(cluster.client().createAcls(acls).all());
                    return true;
                });
    }

    /** Deletes all that match, and tells which those were. */
    public List<AclBinding> delete(AclBindingFilter filter) {
        return orSecurityDisabled(
                NO_AUTHORIZER,
                () ->
                        cluster
                                .await(
                                        Objects.requireNonNull(
                                                cluster.client()
                                                        .deleteAcls(List.of(filter))
                                                        .values()
                                                        .get(filter)))
                                .values()
                                .stream()
                                .filter(result -> result.exception() == null)
                                .map(FilterResult::binding)
                                .toList());
    }

    private static <T> T orSecurityDisabled(String saying, Supplier<T> call) {
        try {
            return call.get();
        } catch (UnsupportedVersionException e) {
            throw new SecurityDisabledException(saying, e);
        }
    }
}
