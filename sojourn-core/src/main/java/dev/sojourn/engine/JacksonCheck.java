package dev.sojourn.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes and reads a value when sessions are created: a mismatched version of Jackson on the class path would otherwise
 * fail at the first record, long after the application has started.
 */
final class JacksonCheck {
    /** The version that the Jackson used for this build requires. */
    static final String ANNOTATIONS_NEEDED = "2.22";

    private static final String ANNOTATIONS =
            "META-INF/maven/com.fasterxml.jackson.core/jackson-annotations/pom.properties";

    private JacksonCheck() {}

    /** A value with all kinds of parts. */
    record Sample(@JsonProperty("text") String text, int number, List<Integer> numbers) {}

    /** Returns the failure that names the versions found. */
    static IllegalStateException failure(LinkageError problem) {
        return new IllegalStateException(
                "Sojourn writes values with Jackson 3, whose parts do not match here ("
                        + problem.getClass().getSimpleName() + "): jackson-annotations is " + annotations()
                        + " and must be " + ANNOTATIONS_NEEDED + ", or newer within 2.x, with jackson-databind "
                        + databind() + ". Import sojourn-bom before other BOMs, or add"
                        + " com.fasterxml.jackson.core:jackson-annotations:" + ANNOTATIONS_NEEDED
                        + " to your dependencyManagement",
                problem);
    }

    /** Checks a value of the library with a default mapper: the application's may write records in any form. */
    static void run() {
        JsonMapper mapper = JsonMapper.builder().build();
        Sample sample = new Sample("text", 17, List.of(1));
        ValueCodec values = new ValueCodec(mapper);
        byte[] json = values.write("check", sample, values.declaredType(sample));
        if (!sample.equals(mapper.readValue(json, Sample.class))) {
            throw new IllegalStateException("Jackson does not read back what it wrote");
        }
    }

    /** Returns the version of the jar that contains the annotations. */
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
