// Draws the points: with WebGL, or where there is no graphics processor, pixel by pixel.

const vertexCode = `
  attribute vec2 place; attribute vec4 color; uniform vec4 view; uniform vec2 size; varying vec4 ink; varying float edge;
  void main() {
    gl_Position = vec4(place * view.xy + view.zw, 0.0, 1.0);
    float grown = size.x * (color.a > 0.9 ? 1.0 : 0.8);
    gl_PointSize = grown + 1.0;
    edge = grown;
    ink = vec4(color.rgb, color.a * size.y);
  }`;
const fragmentCode = `
  precision mediump float; varying vec4 ink; varying float edge;
  void main() {
    float far = length(gl_PointCoord - 0.5) * (edge + 1.0);
    float alpha = ink.a * clamp(edge * 0.5 - far + 0.5, 0.0, 1.0);
    gl_FragColor = vec4(ink.rgb * alpha, alpha);
  }`;
const groundVertexCode = `
  attribute vec2 corner; uniform vec4 view; varying vec2 at;
  void main() { at = corner; gl_Position = vec4(((corner - 0.1) / 0.8) * view.xy + view.zw, 0.0, 1.0); }`;
const groundFragmentCode = `
  precision mediump float; uniform sampler2D picture; uniform float strength; varying vec2 at;
  void main() { vec4 color = texture2D(picture, at); gl_FragColor = vec4(color.rgb, 1.0) * color.a * strength; }`;

let isAccelerated;

/** Whether something else than the processor draws. */
export function hasGraphics() {
  if (isAccelerated === undefined) {
    const gl = document.createElement("canvas").getContext("webgl");
    const info = gl?.getExtension("WEBGL_debug_renderer_info");
    isAccelerated = Boolean(gl) && !/swiftshader|llvmpipe|softpipe|software|basic render/i.test(info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : "");
    gl?.getExtension("WEBGL_lose_context")?.loseContext();
  }
  return isAccelerated;
}

/** A painter on a canvas. */
export function painter(canvas) {
  const gl = hasGraphics() && canvas.getContext("webgl", { antialias: false, alpha: true, powerPreference: "low-power" });
  return gl ? new GLPainter(gl) : new PixelPainter(canvas);
}

class GLPainter {
  constructor(gl) {
    this.gl = gl;
    this.dots = this.#program(vertexCode, fragmentCode);
    this.ground = this.#program(groundVertexCode, groundFragmentCode);
    [this.places, this.colors, this.corners] = [gl.createBuffer(), gl.createBuffer(), gl.createBuffer()];
    gl.bindBuffer(gl.ARRAY_BUFFER, this.corners);
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), gl.STATIC_DRAW);
    this.texture = gl.createTexture();
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  #program(vertex, fragment) {
    const { gl } = this;
    const program = gl.createProgram();
    for (const [kind, code] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, code);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) throw new Error(gl.getProgramInfoLog(program));
    return program;
  }

  setPoints(points) {
    const { gl } = this;
    this.count = points.length / 2;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.places);
    gl.bufferData(gl.ARRAY_BUFFER, points, gl.STATIC_DRAW);
  }

  setColors(bytes, ground) {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.colors);
    gl.bufferData(gl.ARRAY_BUFFER, bytes, gl.STATIC_DRAW);
    if (!ground) return;
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, ground);
    for (const [name, value] of [[gl.TEXTURE_MIN_FILTER, gl.LINEAR], [gl.TEXTURE_MAG_FILTER, gl.LINEAR], [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE]]) gl.texParameteri(gl.TEXTURE_2D, name, value);
  }

  #bind(program, name, buffer, size, type, normalized) {
    const { gl } = this;
    const at = gl.getAttribLocation(program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, size, type, normalized, 0, 0);
  }

  /** Draws what a view {x, y, scale, width, height} in pixels shows. */
  draw(view, size, alpha, strength) {
    const { gl } = this;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const [sx, sy] = [(2 * view.scale) / view.width, (-2 * view.scale) / view.height];
    const uniform = [sx, sy, -view.x * sx, -view.y * sy];
    gl.useProgram(this.ground);
    gl.uniform4fv(gl.getUniformLocation(this.ground, "view"), uniform);
    gl.uniform1f(gl.getUniformLocation(this.ground, "strength"), strength);
    this.#bind(this.ground, "corner", this.corners, 2, gl.FLOAT, false);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    gl.useProgram(this.dots);
    gl.uniform4fv(gl.getUniformLocation(this.dots, "view"), uniform);
    gl.uniform2f(gl.getUniformLocation(this.dots, "size"), size, alpha);
    this.#bind(this.dots, "place", this.places, 2, gl.FLOAT, false);
    this.#bind(this.dots, "color", this.colors, 4, gl.UNSIGNED_BYTE, true);
    gl.drawArrays(gl.POINTS, 0, this.count);
  }

  close() { this.gl.getExtension("WEBGL_lose_context")?.loseContext(); }
}

/** On a plain canvas, pixel by pixel: where WebGL is done by the processor as well, this is many times as fast. */
class PixelPainter {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { willReadFrequently: true });
    this.ground = document.createElement("canvas");
    this.ground.className = "map-ground";
    queueMicrotask(() => canvas.before(this.ground));
  }

  setPoints(points) { this.points = points; }

  setColors(bytes, ground) {
    this.colors = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    this.ground.width = this.ground.height = ground.width;
    this.ground.getContext("2d").putImageData(ground, 0, 0);
  }

  /** How much of each pixel around a point a dot covers, in 0...255. */
  #dot(size) {
    if (this.dot?.size === size) return this.dot;
    const reach = Math.ceil(size / 2);
    const pixels = [];
    for (let y = -reach; y <= reach; y += 1) {
      for (let x = -reach; x <= reach; x += 1) {
        const share = Math.min(1, Math.max(0, size / 2 - Math.hypot(x, y) + 0.5));
        if (share > 0.08) pixels.push([x, y, Math.round(255 * share)]);
      }
    }
    this.dot = { size, reach, pixels };
    return this.dot;
  }

  draw(view, size, alpha, strength) {
    const { width, height } = this.canvas;
    if (this.picture?.width !== width || this.picture.height !== height) {
      this.picture = this.context.createImageData(width, height);
      this.buffer = new Uint32Array(this.picture.data.buffer);
    }
    const { points, buffer, colors } = this;
    const { reach, pixels } = this.#dot(Math.round(size * 2) / 2);
    const offsets = pixels.map(([x, y]) => y * width + x);
    const shares = pixels.map((pixel) => pixel[2]);
    const [left, top] = [width / 2 - view.x * view.scale, height / 2 - view.y * view.scale];
    buffer.fill(0);
    for (let row = 0; row < colors.length; row += 1) {
      const x = Math.round(points[2 * row] * view.scale + left);
      const y = Math.round(points[2 * row + 1] * view.scale + top);
      if (x < reach || y < reach || x >= width - reach || y >= height - reach) continue;
      const [color, own, at] = [colors[row] & 0xffffff, colors[row] >>> 24, y * width + x];
      for (let pixel = 0; pixel < offsets.length; pixel += 1) {
        const cover = own === 255 ? shares[pixel] : (shares[pixel] * own) >> 8;
        // The edge of a dot does not go over another.
        if (cover === 255 || buffer[at + offsets[pixel]] === 0) buffer[at + offsets[pixel]] = color | (cover << 24);
      }
    }
    this.context.putImageData(this.picture, 0, 0);
    this.canvas.style.opacity = alpha;
    const scale = view.scale / 0.8 / this.ground.width;
    this.ground.style.opacity = strength;
    this.ground.style.transform = `translate(${left - view.scale / 8}px, ${top - view.scale / 8}px) scale(${scale})`;
  }

  close() {}
}
