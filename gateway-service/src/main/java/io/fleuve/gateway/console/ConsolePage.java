package io.fleuve.gateway.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Properties;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * The page itself and where its assets are. Their path carries a digest of their content: a browser
 * may keep them for good, and still gets new ones with a new gateway.
 */
public final class ConsolePage {

    private static final String ROOT = "io/fleuve/gateway/console/";

    private final String version;
    private final String chartsVersion;
    private final String assetsPath;
    private final String html;

    private ConsolePage(String version, String chartsVersion, String digest, String template) {
        this.version = version;
        this.chartsVersion = chartsVersion;
        this.assetsPath = "/console/assets/" + digest + "/";
        // Relative, so that the console works behind a proxy that serves it below a path.
        this.html = template.replace("{assets}", assetsPath.substring(1));
    }

    /** Reads the page from the class path. */
    public static ConsolePage load() {
        try {
            Properties properties = new Properties();
            try (InputStream in = open("console.properties")) {
                properties.load(in);
            }
            String version = properties.getProperty("version");
            String charts = properties.getProperty("uplot");
            if (version == null || charts == null) {
                throw new IllegalStateException(
                        "console.properties must name version and uplot, but has "
                                + properties.keySet());
            }
            String template;
            try (InputStream in = open("index.html")) {
                template = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
            return new ConsolePage(version, charts, digest(charts), template);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) {
        InputStream in = ConsolePage.class.getResourceAsStream("/" + ROOT + name);
        if (in == null) {
            throw new IllegalStateException(name + " of the console is missing from the jar");
        }
        return in;
    }

    private static String digest(String chartsVersion) throws IOException {
        Resource[] assets =
                new PathMatchingResourcePatternResolver(ConsolePage.class.getClassLoader())
                        .getResources("classpath*:" + ROOT + "assets/**/*.*");
        Arrays.sort(assets, Comparator.comparing(asset -> String.valueOf(asset.getFilename())));
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(chartsVersion.getBytes(StandardCharsets.UTF_8));
            for (Resource asset : assets) {
                digest.update(asset.getContentAsByteArray());
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The gateway's version. */
    public String version() {
        return version;
    }

    /** Path of the assets, from slash to slash. */
    public String assetsPath() {
        return assetsPath;
    }

    /** Where the assets are on the class path. */
    public String assetsLocation() {
        return "classpath:/" + ROOT + "assets/";
    }

    /** Where the chart library is on the class path. */
    public String chartsLocation() {
        return "classpath:/META-INF/resources/webjars/uplot/" + chartsVersion + "/dist/";
    }

    String html() {
        return html;
    }
}
