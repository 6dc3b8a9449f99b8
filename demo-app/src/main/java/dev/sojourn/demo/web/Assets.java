package dev.sojourn.demo.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;

/** Stylesheets and the icon, out of the jars and kept in memory. */
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
            PATH + "icon.svg",
            new Asset("image/svg+xml", read("assets/icon.svg")));

    /** Reads all of them; one that is missing is found at start-up. */
    public Assets() {}

    Answer answer(String method, String path) {
        Asset asset = assets.get(path);
        if (asset == null) {
            return Answer.empty(404);
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return Answer.empty(405);
        }
        Map<String, String> headers = Map.of(
                "Content-Type", asset.type(),
                "Cache-Control", "public, max-age=600",
                "X-Content-Type-Options", "nosniff");
        return new Answer(200, headers, asset.bytes());
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
