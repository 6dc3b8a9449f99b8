package dev.sojourn.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a value and reads it when sessions are created: another version of Jackson on the class path would otherwise fail
 * at the first record that somebody sets, long after the application has started.
 */
final class JacksonCheck {
    /** What the Jackson that this is built with asks for. */
    static final String ANNOTATIONS_NEEDED = "2.22";

    private static final String ANNOTATIONS =
            "META-INF/maven/com.fasterxml.jackson.core/jackson-annotations/pom.properties";

    private JacksonCheck() {}

    /** A value with all that a value may have. */
    record Sample(@JsonProperty("text") String text, int number, List<Integer> numbers) {}

    /** Returns the failure that says which versions there are. */
    static IllegalStateException failure(LinkageError problem) {
        return new IllegalStateException(
                "Sojourn writes values with Jackson 3, whose parts do not fit together here ("
                        + problem.getClass().getSimpleName() + "): jackson-annotations is " + annotations()
                        + " and has to be " + ANNOTATIONS_NEEDED + ", or newer within 2.x, beside jackson-databind "
                        + databind() + ". Import sojourn-bom before other BOMs, or name"
                        + " com.fasterxml.jackson.core:jackson-annotations:" + ANNOTATIONS_NEEDED
                        + " in your dependencyManagement",
                problem);
    }

    /** Tries a value of the library's own with a mapper of its own: the application's may write records in any way. */
    static void run() {
        JsonMapper mapper = JsonMapper.builder().build();
        Sample sample = new Sample("text", 17, List.of(1));
        ValueCodec values = new ValueCodec(mapper);
        byte[] json = values.write("check", sample, values.form(sample));
        if (!sample.equals(mapper.readValue(json, Sample.class))) {
            throw new IllegalStateException("Jackson does not give back what it was given");
        }
    }

    /** The version of the jar that the annotations came from. */
    private static String annotations() {
        try (InputStream pom = JsonProperty.class.getClassLoader().getResourceAsStream(ANNOTATIONS)) {
            if (pom != null) {
                Properties properties = new Properties();
                properties.load(pom);
                return properties.getProperty("version", "of an unknown version");
            }
        } catch (IOException | LinkageError e) {
            return "of an unknown version";
        }
        return "of an unknown version";
    }

    private static String databind() {
        try {
            return tools.jackson.databind.cfg.PackageVersion.VERSION.toString();
        } catch (LinkageError e) {
            return "of an unknown version";
        }
    }
}
