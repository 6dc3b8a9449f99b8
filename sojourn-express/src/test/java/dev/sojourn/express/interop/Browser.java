package dev.sojourn.express.interop;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A browser with one cookie jar for all servers on this host: cookies do not depend on the port. */
final class Browser {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String site;
    private String cookie = "";

    /**
     * Creates a browser without cookies.
     *
     * @param site the path of a site, without its variant
     */
    Browser(String site) {
        this.site = site;
    }

    /**
     * The visible part of a response.
     *
     * @param status the status
     * @param attributes the session's attributes, with dates and numbers in one notation
     */
    record VisibleResponse(int status, JsonNode attributes) {}

    /** Returns a response as one line of text. */
    static String describe(VisibleResponse seen) {
        return seen.status() + " " + seen.attributes();
    }

    VisibleResponse send(int port, String variant, Request request) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + site + "/" + variant + "?op=" + request.op() + "&k="
                + encode(request.name()) + "&v=" + encode(request.value()));
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60));
        if (!cookie.isEmpty()) {
            builder.header("Cookie", cookie);
        }
        HttpResponse<String> response = HTTP.send(builder.build(), HttpResponse.BodyHandlers.ofString());
        response.headers().allValues("set-cookie").forEach(this::keepCookie);
        JsonNode body = response.statusCode() == 200
                ? normalize(JavaApp.JSON.readTree(response.body()))
                : JavaApp.JSON.getNodeFactory().stringNode(response.body());
        return new VisibleResponse(response.statusCode(), body);
    }

    private void keepCookie(String line) {
        String pair = line.split(";", 2)[0];
        cookie = line.contains("Max-Age=0") ? "" : pair;
    }

    String cookie() {
        return cookie;
    }

    /** Replaces the cookie and returns this browser. */
    Browser withCookie(String other) {
        cookie = other;
        return this;
    }

    /** Returns the id in the cookie, with its encoded prefix. */
    String id() {
        return id(cookie);
    }

    static String id(String cookie) {
        int dot = cookie.lastIndexOf('.');
        return dot < 0 ? "" : cookie.substring(0, dot);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * Removes insignificant differences: JavaScript has one kind of number, writes {@code .000} on full seconds, and puts
     * names that look like numbers first.
     */
    private static JsonNode normalize(JsonNode node) {
        if (node.isNumber()) {
            return JavaApp.JSON.getNodeFactory().numberNode(node.doubleValue());
        }
        if (node.isString()) {
            return JavaApp.JSON.getNodeFactory().stringNode(date(node.stringValue()));
        }
        if (node instanceof ArrayNode array) {
            List<JsonNode> values = new ArrayList<>();
            array.forEach(each -> values.add(normalize(each)));
            return JavaApp.JSON.createArrayNode().addAll(values);
        }
        if (node instanceof ObjectNode object) {
            ObjectNode normalized = JavaApp.JSON.createObjectNode();
            object.propertyNames().stream().sorted().forEach(name -> normalized.set(name, normalize(object.get(name))));
            return normalized;
        }
        return node;
    }

    private static String date(String text) {
        try {
            return Instant.parse(text).toString();
        } catch (DateTimeParseException e) {
            return text;
        }
    }
}
