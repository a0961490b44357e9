package io.fleuve.gateway;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * Chromium without a screen, as Debian packages it: {@code chromium} and {@code chromium-driver}.
 */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String MISSING =
            "%s is not on the PATH: the console is not tried in a browser. Debian has it in the package"
                    + " %s.";

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts one, or ends the test with what is missing. */
    static Browser start() {
        Path chromium = require("chromium", "chromium");
        Path chromedriver = require("chromedriver", "chromium-driver");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars");
        ChromeDriverService service =
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(chromedriver.toFile())
                        .usingAnyFreePort()
                        .build();
        return new Browser(new ChromeDriver(service, options));
    }

    private static Path require(String program, String debianPackage) {
        Optional<Path> found = onPath(program);
        assumeThat(found).as(MISSING, program, debianPackage).isPresent();
        return found.orElseThrow();
    }

    static Optional<Path> onPath(String program) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).stream()
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    void open(String url) {
        // Another hash alone would not load the page anew.
        driver.get("about:blank");
        driver.get(url);
    }

    void resize(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        width,
                        "height",
                        height,
                        "deviceScaleFactor",
                        1,
                        "mobile",
                        width < 700));
    }

    void prefer(String theme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", theme))));
    }

    void screenshot(Path file) {
        Map<String, Object> shot =
                driver.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png"));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, Base64.getDecoder().decode((String) shot.get("data")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A new tab, which is then the current one; the answer leads back. */
    Runnable newTab() {
        String old = driver.getWindowHandle();
        driver.switchTo().newWindow(org.openqa.selenium.WindowType.TAB);
        return () -> {
            driver.close();
            driver.switchTo().window(old);
        };
    }

    /** The first element that the selector finds, once it is to be seen. */
    WebElement find(String css) {
        return waiting("there is no " + css)
                .until(
                        d ->
                                d.findElements(By.cssSelector(css)).stream()
                                        .filter(WebElement::isDisplayed)
                                        .findFirst()
                                        .orElse(null));
    }

    /** A button or link by what is written on it. */
    WebElement named(String text) {
        return waiting("nothing says " + text)
                .until(
                        d ->
                                d.findElements(By.cssSelector("button, a")).stream()
                                        .filter(e -> e.isDisplayed() && e.getText().equals(text))
                                        .findFirst()
                                        .orElse(null));
    }

    void click(String css) {
        find(css).click();
    }

    void type(String css, String text) {
        WebElement field = find(css);
        field.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
        field.sendKeys(text);
    }

    void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    String focused() {
        return String.valueOf(
                run("return document.activeElement.outerHTML.slice(0, 200)", new Object[0]));
    }

    /** Waits until what the selector finds says this. */
    void awaitText(String css, String text) {
        waiting("%s does not say '%s'".formatted(css, text))
                .until(
                        d ->
                                d.findElements(By.cssSelector(css)).stream()
                                        .anyMatch(e -> e.getText().contains(text)));
    }

    void awaitGone(String css) {
        waiting(css + " is still there").until(d -> d.findElements(By.cssSelector(css)).isEmpty());
    }

    String textOf(String css) {
        return find(css).getText();
    }

    @Nullable Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    String address() {
        return String.valueOf(driver.getCurrentUrl());
    }

    /** What the page complained about since this was last asked. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    private WebDriverWait waiting(String otherwise) {
        WebDriverWait wait = new WebDriverWait(driver, PATIENCE, Duration.ofMillis(100));
        wait.ignoring(StaleElementReferenceException.class);
        wait.withMessage(
                () ->
                        otherwise
                                + " on a page that says: "
                                + run("return document.body.innerText.slice(0, 1500)"));
        return wait;
    }

    @Override
    public void close() {
        driver.quit();
    }
}
