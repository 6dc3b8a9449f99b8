package dev.sojourn.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Commands and their output, as a README shows them in a block marked {@code console}. A line that begins with
 * {@code "$ "} is a command.
 *
 * @param text the block
 */
record ShellSession(String text) {
    private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COMMAND = Pattern.compile("^\\$ (.*)$", Pattern.MULTILINE);
    private static final String PORT_OF_READMES = "8080";

    /** Returns the sessions of a README in order. */
    static List<ShellSession> in(Path readme) throws IOException {
        List<ShellSession> sessions = BLOCK.matcher(Files.readString(readme))
                .results()
                .map(block -> new ShellSession(block.group(1)))
                .toList();
        assertThat(sessions).as("console blocks in %s", readme).isNotEmpty();
        return sessions;
    }

    /** Runs the commands in one shell and compares their output, except for times and tokens. */
    void replay(int port, Path folder) throws IOException, InterruptedException {
        List<String> script = new ArrayList<>();
        for (String command :
                COMMAND.matcher(text).results().map(MatchResult::group).toList()) {
            script.add("cat <<'COMMAND'\n" + command + "\nCOMMAND");
            script.add(command.substring(2).replace(PORT_OF_READMES, String.valueOf(port)));
        }
        Path errors = folder.resolve("errors");
        Process shell = new ProcessBuilder("sh", "-c", String.join("\n", script))
                .directory(folder.toFile())
                .redirectError(errors.toFile())
                .start();
        String output = new String(shell.getInputStream().readAllBytes(), UTF_8);
        shell.waitFor();
        assertThat(comparable(output.replace(":" + port, ":" + PORT_OF_READMES)))
                .as("the output of the commands; their errors: %s", Files.readString(errors))
                .isEqualTo(comparable(text));
    }

    private static String comparable(String output) {
        return output.replace("\r", "")
                .replaceAll("(?m) +$", "")
                .replaceAll("(?mi)^Date: .*", "Date: …")
                .replaceAll("[\\w-]{43}\\.(\\d+\\.)?[\\w-]{43}", "TOKEN")
                .replaceAll("eyJ[\\w-]+\\.\\.[\\w-]+\\.[\\w-]+\\.[\\w-]+", "SEALED")
                .replaceAll("Max-Age=(2591999|2592000)", "Max-Age=30 days")
                .strip();
    }
}
