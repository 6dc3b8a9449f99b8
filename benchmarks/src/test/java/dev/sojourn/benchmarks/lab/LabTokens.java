package dev.sojourn.benchmarks.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tokens in a response of the lab. */
record LabTokens(String access, String refresh) {
    private static final Pattern JSON =
            Pattern.compile("\\{\"access_token\":\"([^\"]+)\",\"token_type\":\"Bearer\",\"expires_in\":300,"
                    + "\"refresh_token\":\"([^\"]+)\"}");

    static LabTokens in(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
        Matcher tokens = JSON.matcher(response.body());
        assertThat(tokens.matches()).as("the body has the form of RFC 6749").isTrue();
        return new LabTokens(tokens.group(1), tokens.group(2));
    }
}
