import io.fleuve.client.ApiClient;
import io.fleuve.client.api.StatelessReadsApi;
import io.fleuve.client.api.V3ClusterApi;
import io.fleuve.client.api.V3RecordsApi;
import io.fleuve.client.api.V3TopicsApi;
import io.fleuve.client.model.CreateTopicRequest;
import io.fleuve.client.model.Page;
import io.fleuve.client.model.ProduceReceipt;
import io.fleuve.client.model.ProduceRequest;
import io.fleuve.client.model.ProduceRequestData;
import java.util.Map;
import java.util.UUID;

/** Uses the client that was generated from the API's document, as its reader would. */
public final class Smoke {

    public static void main(String[] args) throws Exception {
        ApiClient client = new ApiClient();
        client.updateBaseUri(args[0]);
        String cluster =
                new V3ClusterApi(client).listClusters().getData().getFirst().getClusterId();
        String topic = "smoke-" + UUID.randomUUID();
        new V3TopicsApi(client)
                .createTopic(
                        cluster, new CreateTopicRequest().topicName(topic).partitionsCount(1));
        ProduceReceipt receipt =
                new V3RecordsApi(client)
                        .produce(
                                cluster,
                                topic,
                                new ProduceRequest()
                                        .value(
                                                new ProduceRequestData()
                                                        .type(ProduceRequestData.TypeEnum.JSON)
                                                        .data(Map.of("celsius", 31.4))),
                                null,
                                null,
                                null);
        Page page = new StatelessReadsApi(client).readPartition(topic, 0, "0", null, null, null, null, null, null);
        String seen = page.getRecords().getFirst().getValue().toString();
        if (receipt.getOffset() != 0 || !seen.contains("31.4")) {
            throw new IllegalStateException("produced " + receipt + ", read " + page);
        }
        new V3TopicsApi(client).deleteTopic(cluster, topic);
        System.out.println("a generated client has created " + topic + ", produced and read");
    }
}
