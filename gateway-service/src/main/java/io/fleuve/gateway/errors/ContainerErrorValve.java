package io.fleuve.gateway.errors;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers what Tomcat refuses before any servlet is asked, such as a path with a backslash: in the
 * one shape of errors instead of Tomcat's page. Tomcat makes it by its name, hence no arguments.
 */
public final class ContainerErrorValve extends ErrorReportValve {

    private static final JsonMapper MAPPER = new JsonMapper();

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        ResponseEntity<Object> answer =
                ErrorWriter.respond(request, GatewayExceptionHandler.ofHttpStatus(status), null);
        byte[] body = MAPPER.writeValueAsBytes(answer.getBody());
        try {
            response.setContentType(String.valueOf(answer.getHeaders().getContentType()));
            response.setCharacterEncoding((String) null);
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException | IllegalStateException e) {
            container.getLogger().debug("an error could not be reported: the client has gone", e);
        }
    }
}
