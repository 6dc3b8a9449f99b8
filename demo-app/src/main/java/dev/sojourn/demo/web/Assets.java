package dev.sojourn.demo.web;

import dev.sojourn.SessionStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;

/** The stylesheets, the script and the icon, read from the class path and kept in memory. */
public final class Assets {
    static final String PATH = "/assets/";

    private static final String PICO = "META-INF/maven/org.webjars.npm/picocss__pico/pom.properties";

    private final Map<String, Asset> assets = Map.of(
            PATH + "pico.css",
            new Asset(
                    "text/css",
                    read("META-INF/resources/webjars/picocss__pico/" + picoVersion() + "/css/pico.classless.min.css")),
            PATH + "demo.css",
            new Asset("text/css", read("assets/demo.css")),
            PATH + "tokens.js",
            new Asset("text/javascript", read("assets/tokens.js")),
            PATH + "sojourn-session.js",
            new Asset("text/javascript", SessionStatus.script(null).body()),
            PATH + "icon.svg",
            new Asset("image/svg+xml", read("assets/icon.svg")));

    /** Reads all assets, so that a missing one is found at start-up. */
    public Assets() {}

    Response respond(String method, String path) {
        Asset asset = assets.get(path);
        if (asset == null) {
            return Response.empty(404);
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return Response.empty(405);
        }
        Map<String, String> headers = Map.of(
                "Content-Type", asset.type(),
                "Cache-Control", "public, max-age=600",
                "X-Content-Type-Options", "nosniff");
        return new Response(200, headers, asset.bytes());
    }

    /** Returns the version in the WebJar's paths, read from the jar's own metadata. */
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
            throw new IllegalStateException(resource + " is not on the class path: rebuild the demo");
        }
        return in;
    }

    @SuppressWarnings("ArrayRecordComponent") // bytes to be sent, never compared
    private record Asset(String type, byte[] bytes) {}
}
