package dev.sojourn.engine;

import dev.sojourn.Device;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads and writes the device of a sign-in as a member of a record. Drops unknown members of it. */
final class DeviceJson {
    static final String MEMBER = "device";

    private DeviceJson() {}

    /** Reads a device; throws IllegalArgumentException if a text is out of bounds or if there is none. */
    static Device read(JsonParser parser) {
        SignInJson.requireObject(parser, "the facts of a device");
        String label = null;
        String address = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "name" -> label = SignInJson.text(parser);
                case "ip" -> address = SignInJson.text(parser);
                default -> parser.skipChildren();
            }
        }
        return new Device(label, address);
    }

    /** Writes a device; its texts need no escapes. */
    static void write(ByteArrayOutputStream out, Device device) {
        StringJoiner members = new StringJoiner(",", ",\"" + MEMBER + "\":{", "}");
        text(members, "name", device.name());
        text(members, "ip", device.address());
        out.writeBytes(members.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static void text(StringJoiner members, String name, @Nullable String text) {
        if (text != null) {
            members.add('"' + name + "\":\"" + text + '"');
        }
    }
}
