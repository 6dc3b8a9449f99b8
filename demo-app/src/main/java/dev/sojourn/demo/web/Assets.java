package dev.sojourn.demo.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;

/** Stylesheets and the icon, out of the jars and kept in memory. They have no session: the filter is not here. */
public final class Assets implements HttpHandler {
    private static final String PICO = "META-INF/maven/org.webjars.npm/picocss__pico/pom.properties";

    private final Map<String, Asset> assets = Map.of(
            "/assets/pico.css",
            new Asset(
                    "text/css",
                    read("META-INF/resources/webjars/picocss__pico/" + picoVersion() + "/css/pico.classless.min.css")),
            "/assets/demo.css",
            new Asset("text/css", read("assets/demo.css")),
            "/assets/icon.svg",
            new Asset("image/svg+xml", read("assets/icon.svg")));

    /** Reads all of them; one that is missing is found at start-up. */
    public Assets() {}

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Asset asset = assets.get(exchange.getRequestURI().getPath());
            String method = exchange.getRequestMethod();
            if (asset == null || !(method.equals("GET") || method.equals("HEAD"))) {
                exchange.sendResponseHeaders(asset == null ? 404 : 405, -1);
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", asset.type());
            exchange.getResponseHeaders().set("Cache-Control", "public, max-age=600");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.sendResponseHeaders(200, method.equals("HEAD") ? -1 : asset.bytes().length);
            if (!method.equals("HEAD")) {
                exchange.getResponseBody().write(asset.bytes());
            }
        }
    }

    /** A WebJar's version is part of its paths; the jar itself knows it. */
    private static String picoVersion() {
        Properties properties = new Properties();
        try (InputStream in = open(PICO)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static byte[] read(String resource) {
        try (InputStream in = open(resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String resource) {
        InputStream in = Assets.class.getClassLoader().getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException(resource + " is not on the class path: build the demo again");
        }
        return in;
    }

    @SuppressWarnings("ArrayRecordComponent") // bytes to be sent, never compared
    private record Asset(String type, byte[] bytes) {}
}
