package io.fleuve.broker.protocol;

import java.util.Map;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchResponse;

/** The answer to a fetch, with its share of the budget. */
final class FetchAnswer extends AbstractResponse implements RetainingResponse {

    private final FetchResponse response;
    private final FetchBudget.Share share;
    private final long recordBytes;

    /**
     * @param share what the records were taken from, given back with the release
     */
    FetchAnswer(FetchResponseData data, FetchBudget.Share share, long recordBytes) {
        super(ApiKeys.FETCH);
        this.response = FetchResponse.of(data);
        this.share = share;
        this.recordBytes = recordBytes;
    }

    @Override
    public long retainedBytes() {
        return recordBytes;
    }

    @Override
    public void release() {
        share.giveBack();
    }

    @Override
    public FetchResponseData data() {
        return response.data();
    }

    @Override
    public Map<Errors, Integer> errorCounts() {
        return response.errorCounts();
    }

    @Override
    public int throttleTimeMs() {
        return response.throttleTimeMs();
    }

    @Override
    public void maybeSetThrottleTimeMs(int throttleTimeMs) {
        response.maybeSetThrottleTimeMs(throttleTimeMs);
    }

    @Override
    public boolean shouldClientThrottle(short version) {
        return response.shouldClientThrottle(version);
    }
}
